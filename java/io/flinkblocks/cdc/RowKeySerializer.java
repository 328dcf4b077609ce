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
 * Format 1 of a row's key: the table, then the key. State is found by these bytes, so there can be
 * no other format for the same state.
 */
public final class RowKeySerializer extends ImmutableSerializer<RowKey> {
  static final RowKeySerializer INSTANCE = new RowKeySerializer();

  private static final long serialVersionUID = 1;

  @Override
  public RowKey createInstance() {
    return new RowKey("", new byte[0]);
  }

  @Override
  public void serialize(RowKey key, DataOutputView target) throws IOException {
    Compact.writeText(key.table(), target);
    Compact.writeBytes(key.json(), target);
  }

  @Override
  public RowKey deserialize(DataInputView source) throws IOException {
    byte[] table = Compact.readBytes(source);
    return new RowKey(TableNames.of(table, 0, table.length), Compact.readBytes(source));
  }

  @Override
  public TypeSerializerSnapshot<RowKey> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<RowKey> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<RowKey> serializer(int version) {
      return INSTANCE;
    }
  }
}
