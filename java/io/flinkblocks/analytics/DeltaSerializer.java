package io.flinkblocks.analytics;

import io.flinkblocks.analytics.Delta.Kind;
import io.flinkblocks.event.Compact;
import io.flinkblocks.event.ImmutableSerializer;
import io.flinkblocks.event.VersionedSnapshot;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Format 1 of a delta: kind, owner, and what the kind tells of. */
public final class DeltaSerializer extends ImmutableSerializer<Delta> {
  static final DeltaSerializer INSTANCE = new DeltaSerializer();

  private static final long serialVersionUID = 1;

  private static final int ROW = 1;
  private static final int NO_ROW = 2;
  private static final int ORDERS = 3;

  @Override
  public Delta createInstance() {
    return Delta.noRow(0);
  }

  @Override
  public void serialize(Delta delta, DataOutputView out) throws IOException {
    out.writeByte(code(delta.kind()));
    Compact.writeNumber(delta.owner(), out);
    if (delta.kind() == Kind.ROW) {
      Compact.writeText(delta.label(), out);
      Compact.writeNumber(delta.stock(), out);
    } else if (delta.kind() == Kind.ORDERS) {
      Compact.writeNumber(delta.count(), out);
      Compact.writeNumber(delta.micros(), out);
      out.writeLong(delta.entered());
      out.writeLong(delta.left());
    }
  }

  private static int code(Kind kind) {
    return switch (kind) {
      case ROW -> ROW;
      case NO_ROW -> NO_ROW;
      case ORDERS -> ORDERS;
    };
  }

  @Override
  public Delta deserialize(DataInputView in) throws IOException {
    int code = in.readByte();
    long owner = Compact.readNumber(in);
    return switch (code) {
      case ROW -> Delta.row(owner, Compact.readText(in), Compact.readNumber(in));
      case NO_ROW -> Delta.noRow(owner);
      case ORDERS ->
          Delta.orders(
              owner, Compact.readNumber(in), Compact.readNumber(in), in.readLong(), in.readLong());
      default -> throw new IOException(code + " is no kind of a delta");
    };
  }

  @Override
  public TypeSerializerSnapshot<Delta> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<Delta> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<Delta> serializer(int version) {
      return INSTANCE;
    }
  }
}
