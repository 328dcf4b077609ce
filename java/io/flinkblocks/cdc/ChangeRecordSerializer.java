package io.flinkblocks.cdc;

import io.flinkblocks.event.Compact;
import io.flinkblocks.event.DeadLetter;
import io.flinkblocks.event.ImmutableSerializer;
import io.flinkblocks.event.SourceRecord;
import io.flinkblocks.event.VersionedSnapshot;
import java.io.IOException;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Format 1 of what a source hands out: 0 and a change in its own format 1, 1 and why a record was
 * skipped, or 2 and a dead letter in format 1 of {@link SourceRecord}.
 */
public final class ChangeRecordSerializer extends ImmutableSerializer<ChangeRecord> {
  static final ChangeRecordSerializer INSTANCE = new ChangeRecordSerializer();

  private static final long serialVersionUID = 1;
  private static final int CHANGE = 0;
  private static final int SKIPPED = 1;
  private static final int REFUSED = 2;

  private static final TypeSerializer<SourceRecord> LETTERS =
      SourceRecord.TYPE.createSerializer(new SerializerConfigImpl());

  @Override
  public ChangeRecord createInstance() {
    return new Skipped("");
  }

  @Override
  public void serialize(ChangeRecord record, DataOutputView target) throws IOException {
    if (record instanceof Change change) {
      target.writeByte(CHANGE);
      ChangeSerializer.INSTANCE.serialize(change, target);
    } else if (record instanceof Skipped skipped) {
      target.writeByte(SKIPPED);
      Compact.writeText(skipped.why(), target);
    } else {
      target.writeByte(REFUSED);
      LETTERS.serialize(((Refused) record).letter(), target);
    }
  }

  @Override
  public ChangeRecord deserialize(DataInputView source) throws IOException {
    int kind = source.readByte();
    return switch (kind) {
      case CHANGE -> ChangeSerializer.INSTANCE.deserialize(source);
      case SKIPPED -> new Skipped(Compact.readText(source));
      case REFUSED -> new Refused((DeadLetter) LETTERS.deserialize(source));
      default -> throw new IOException("no such kind of change record: " + kind);
    };
  }

  @Override
  public TypeSerializerSnapshot<ChangeRecord> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<ChangeRecord> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<ChangeRecord> serializer(int version) {
      return INSTANCE;
    }
  }
}
