package io.flinkblocks.popularity;

import io.flinkblocks.event.VersionedSnapshot;
import io.flinkblocks.window.MutableSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Format 1 of a popularity accumulator: products, their counts, pairs of product and user. */
public final class PopularitySerializer extends MutableSerializer<PopularityAccumulator> {
  static final PopularitySerializer INSTANCE = new PopularitySerializer();

  private static final long serialVersionUID = 1;

  @Override
  public PopularityAccumulator createInstance() {
    return new PopularityAccumulator();
  }

  @Override
  public PopularityAccumulator copy(PopularityAccumulator from) {
    return from.copy();
  }

  @Override
  public void serialize(PopularityAccumulator popularity, DataOutputView out) throws IOException {
    popularity.counts().write(out);
    popularity.users().write(out);
  }

  @Override
  public PopularityAccumulator deserialize(DataInputView in) throws IOException {
    return new PopularityAccumulator(ProductCounts.read(in), ProductUsers.read(in));
  }

  @Override
  public TypeSerializerSnapshot<PopularityAccumulator> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<PopularityAccumulator> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<PopularityAccumulator> serializer(int version) {
      return INSTANCE;
    }
  }
}
