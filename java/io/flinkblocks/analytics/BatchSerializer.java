package io.flinkblocks.analytics;

import io.flinkblocks.event.Compact;
import io.flinkblocks.event.ImmutableSerializer;
import io.flinkblocks.event.VersionedSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Format 1 of a batch: how many upserts, then each. */
public final class BatchSerializer extends ImmutableSerializer<Batch> {
  static final BatchSerializer INSTANCE = new BatchSerializer();

  private static final long serialVersionUID = 1;

  @Override
  public Batch createInstance() {
    return new Batch(List.of());
  }

  @Override
  public void serialize(Batch batch, DataOutputView out) throws IOException {
    Compact.writeNumber(batch.upserts().size(), out);
    for (Upsert upsert : batch.upserts()) {
      UpsertSerializer.INSTANCE.serialize(upsert, out);
    }
  }

  @Override
  public Batch deserialize(DataInputView in) throws IOException {
    int size = Compact.readInt(in);
    List<Upsert> upserts = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      upserts.add(UpsertSerializer.INSTANCE.deserialize(in));
    }
    return new Batch(List.copyOf(upserts));
  }

  @Override
  public TypeSerializerSnapshot<Batch> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<Batch> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<Batch> serializer(int version) {
      return INSTANCE;
    }
  }
}
