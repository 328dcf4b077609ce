package io.flinkblocks.global;

import io.flinkblocks.event.Compact;
import io.flinkblocks.event.VersionedSnapshot;
import io.flinkblocks.window.MutableSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Format 1 of a product's window: the kept events; how many events wait for a firing and, if any,
 * how far the first of them is before the newest.
 */
public final class GlobalSerializer extends MutableSerializer<GlobalState> {
  static final GlobalSerializer INSTANCE = new GlobalSerializer();

  private static final long serialVersionUID = 1;

  @Override
  public GlobalState createInstance() {
    return new GlobalState();
  }

  @Override
  public GlobalState copy(GlobalState from) {
    return from.copy();
  }

  @Override
  public void serialize(GlobalState product, DataOutputView out) throws IOException {
    product.kept.write(out);
    Compact.writeNumber(product.waiting, out);
    if (product.waiting > 0) {
      Compact.writeNumber(product.kept.newest() - product.waitingSince, out);
    }
  }

  @Override
  public GlobalState deserialize(DataInputView in) throws IOException {
    GlobalState product = new GlobalState(KeptEvents.read(in));
    product.waiting = Compact.readNumber(in);
    if (product.waiting > 0) {
      product.waitingSince = product.kept.newest() - Compact.readNumber(in);
    }
    return product;
  }

  @Override
  public TypeSerializerSnapshot<GlobalState> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<GlobalState> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<GlobalState> serializer(int version) {
      return INSTANCE;
    }
  }
}
