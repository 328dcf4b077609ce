package io.flinkblocks.pattern;

import io.flinkblocks.event.VersionedSnapshot;
import io.flinkblocks.window.MutableSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Format 1 of a category's minutes: see {@link SpikeState#write}. */
public final class SpikeSerializer extends MutableSerializer<SpikeState> {
  static final SpikeSerializer INSTANCE = new SpikeSerializer();

  private static final long serialVersionUID = 1;

  @Override
  public SpikeState createInstance() {
    return new SpikeState();
  }

  @Override
  public SpikeState copy(SpikeState from) {
    return from.copy();
  }

  @Override
  public void serialize(SpikeState category, DataOutputView out) throws IOException {
    category.write(out);
  }

  @Override
  public SpikeState deserialize(DataInputView in) throws IOException {
    return SpikeState.read(in);
  }

  @Override
  public TypeSerializerSnapshot<SpikeState> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<SpikeState> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<SpikeState> serializer(int version) {
      return INSTANCE;
    }
  }
}
