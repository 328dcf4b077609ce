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
 * Format 1 of what is known of a row: its image, the lsn of its last change, that of its last read
 * + 1, and the time of its deletion.
 */
public final class RowStateSerializer extends ImmutableSerializer<RowState> {
  static final RowStateSerializer INSTANCE = new RowStateSerializer();

  private static final long serialVersionUID = 1;

  @Override
  public RowState createInstance() {
    return RowState.NONE;
  }

  @Override
  public void serialize(RowState row, DataOutputView target) throws IOException {
    RowSerializer.write(row.image(), target);
    Compact.writeNumber(row.streamed(), target);
    Compact.writeNumber(row.read() + 1, target);
    Compact.writeNumber(row.time(), target);
  }

  @Override
  public RowState deserialize(DataInputView source) throws IOException {
    return new RowState(
        RowSerializer.read(source),
        Compact.readNumber(source),
        Compact.readNumber(source) - 1,
        Compact.readNumber(source));
  }

  @Override
  public TypeSerializerSnapshot<RowState> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<RowState> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<RowState> serializer(int version) {
      return INSTANCE;
    }
  }
}
