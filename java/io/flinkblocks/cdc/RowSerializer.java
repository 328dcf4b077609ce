package io.flinkblocks.cdc;

import io.flinkblocks.event.Compact;
import io.flinkblocks.event.ImmutableSerializer;
import io.flinkblocks.event.VersionedSnapshot;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Format 1 of a row: the bytes of its JSON. */
public final class RowSerializer extends ImmutableSerializer<Row> {
  static final RowSerializer INSTANCE = new RowSerializer();

  private static final long serialVersionUID = 1;

  /** Writes a row that may be null. */
  public static void write(Row row, DataOutputView target) throws IOException {
    Compact.writeBytes(row == null ? null : row.json(), target);
  }

  /** Reads what {@link #write} wrote. */
  public static Row read(DataInputView source) throws IOException {
    byte[] json = Compact.readBytes(source);
    return json == null ? null : Row.of(json);
  }

  @Override
  public Row createInstance() {
    return Row.of(new byte[] {'{', '}'});
  }

  @Override
  public void serialize(Row row, DataOutputView target) throws IOException {
    write(row, target);
  }

  @Override
  public Row deserialize(DataInputView source) throws IOException {
    return read(source);
  }

  @Override
  public TypeSerializerSnapshot<Row> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<Row> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<Row> serializer(int version) {
      return INSTANCE;
    }
  }
}
