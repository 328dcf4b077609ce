package io.flinkblocks.cdc;

import io.flinkblocks.event.Compact;
import io.flinkblocks.event.ImmutableSerializer;
import io.flinkblocks.event.VersionedSnapshot;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Format 1 of a routed change: its key group + 1, 0 for none; the change in its own format 1. */
public final class RoutedSerializer extends ImmutableSerializer<Routed> {
  static final RoutedSerializer INSTANCE = new RoutedSerializer();

  private static final long serialVersionUID = 1;

  @Override
  public Routed createInstance() {
    return Routed.toRow(ChangeSerializer.INSTANCE.createInstance());
  }

  @Override
  public void serialize(Routed routed, DataOutputView target) throws IOException {
    Compact.writeNumber(routed.group() + 1L, target);
    ChangeSerializer.INSTANCE.serialize(routed.change(), target);
  }

  @Override
  public Routed deserialize(DataInputView source) throws IOException {
    int group = Compact.readInt(source) - 1;
    return new Routed(ChangeSerializer.INSTANCE.deserialize(source), group);
  }

  @Override
  public TypeSerializerSnapshot<Routed> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<Routed> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<Routed> serializer(int version) {
      return INSTANCE;
    }
  }
}
