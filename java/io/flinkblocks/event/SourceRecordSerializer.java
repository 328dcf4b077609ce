package io.flinkblocks.event;

import io.flinkblocks.event.DeadLetter.Origin;
import io.flinkblocks.event.DeadLetter.Reason;
import java.io.IOException;
import java.util.Locale;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Format 1 of what a source emits: 0 and an event in its own format 1, or 1 for a dead letter, 2
 * for one with an origin, then its value, reason, field and origin.
 */
public final class SourceRecordSerializer extends ImmutableSerializer<SourceRecord> {
  static final SourceRecordSerializer INSTANCE = new SourceRecordSerializer();

  private static final long serialVersionUID = 1;
  private static final int EVENT = 0;
  private static final int DEAD_LETTER = 1;
  private static final int DEAD_LETTER_WITH_ORIGIN = 2;

  @Override
  public SourceRecord createInstance() {
    return EventSerializer.INSTANCE.createInstance();
  }

  @Override
  public void serialize(SourceRecord record, DataOutputView target) throws IOException {
    if (record instanceof Event event) {
      target.writeByte(EVENT);
      EventSerializer.INSTANCE.serialize(event, target);
      return;
    }
    DeadLetter letter = (DeadLetter) record;
    Origin origin = letter.origin();
    target.writeByte(origin == null ? DEAD_LETTER : DEAD_LETTER_WITH_ORIGIN);
    Compact.writeBytes(letter.value(), target);
    // By name: a reason that is added in between must not change what the others mean.
    Compact.writeText(letter.reason().label(), target);
    Compact.writeText(letter.field(), target);
    if (origin != null) {
      Compact.writeText(origin.topic(), target);
      Compact.writeNumber(origin.partition(), target);
      Compact.writeNumber(origin.offset(), target);
      Compact.writeBytes(origin.key(), target);
      Headers.write(origin.headers(), target);
    }
  }

  @Override
  public SourceRecord deserialize(DataInputView source) throws IOException {
    int kind = source.readByte();
    if (kind == EVENT) {
      return EventSerializer.INSTANCE.deserialize(source);
    }
    if (kind != DEAD_LETTER && kind != DEAD_LETTER_WITH_ORIGIN) {
      throw new IOException("no such kind of source record: " + kind);
    }
    byte[] value = Compact.readBytes(source);
    Reason reason = Reason.valueOf(Compact.readText(source).toUpperCase(Locale.ROOT));
    String field = Compact.readText(source);
    Origin origin =
        kind == DEAD_LETTER
            ? null
            : new Origin(
                Compact.readText(source),
                Compact.readInt(source),
                Compact.readNumber(source),
                Compact.readBytes(source),
                Headers.read(source));
    return new DeadLetter(value, reason, field, origin);
  }

  @Override
  public TypeSerializerSnapshot<SourceRecord> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<SourceRecord> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<SourceRecord> serializer(int version) {
      return INSTANCE;
    }
  }
}
