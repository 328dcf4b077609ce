package io.flinkblocks.cdc;

import io.flinkblocks.event.Compact;
import io.flinkblocks.event.ImmutableSerializer;
import io.flinkblocks.event.VersionedSnapshot;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Format 1 of a change: the table; a byte each for the operation's letter, the cause and the mark;
 * key, row before and row after, as the bytes of their JSON; lsn; transaction + 1; the time in
 * eight bytes.
 */
public final class ChangeSerializer extends ImmutableSerializer<Change> {
  static final ChangeSerializer INSTANCE = new ChangeSerializer();

  private static final long serialVersionUID = 1;

  // What stands for them in the format is their place here.
  private static final Cause[] CAUSES = {Cause.STREAM, Cause.SNAPSHOT, Cause.TRUNCATION};
  private static final Mark[] MARKS = {Mark.NONE, Mark.FIRST, Mark.LAST};

  @Override
  public Change createInstance() {
    return new Change("", Op.TRUNCATE, Cause.STREAM, Mark.NONE, null, null, null, 0, -1, 0);
  }

  @Override
  public void serialize(Change change, DataOutputView target) throws IOException {
    Compact.writeText(change.table(), target);
    target.writeByte(change.op().code().charAt(0));
    target.writeByte(place(CAUSES, change.cause()));
    target.writeByte(place(MARKS, change.mark()));
    Compact.writeBytes(change.key(), target);
    RowSerializer.write(change.before(), target);
    RowSerializer.write(change.after(), target);
    Compact.writeNumber(change.lsn(), target);
    Compact.writeNumber(change.txId() + 1, target);
    target.writeLong(change.time());
  }

  @Override
  public Change deserialize(DataInputView source) throws IOException {
    byte[] table = Compact.readBytes(source);
    return new Change(
        TableNames.of(table, 0, table.length),
        op(source.readByte()),
        at(CAUSES, source.readByte()),
        at(MARKS, source.readByte()),
        Compact.readBytes(source),
        RowSerializer.read(source),
        RowSerializer.read(source),
        Compact.readNumber(source),
        Compact.readNumber(source) - 1,
        source.readLong());
  }

  private static Op op(int letter) throws IOException {
    Op op = Op.of(letter);
    if (op == null) {
      throw new IOException("no such operation: " + letter);
    }
    return op;
  }

  private static <T> int place(T[] values, T value) {
    int place = 0;
    while (values[place] != value) {
      place++;
    }
    return place;
  }

  private static <T> T at(T[] values, int place) throws IOException {
    if (place < 0 || place >= values.length) {
      throw new IOException("no " + values[0].getClass().getSimpleName() + " " + place);
    }
    return values[place];
  }

  @Override
  public TypeSerializerSnapshot<Change> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<Change> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<Change> serializer(int version) {
      return INSTANCE;
    }
  }
}
