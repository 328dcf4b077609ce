package io.flinkblocks.revenue;

import io.flinkblocks.event.Compact;
import io.flinkblocks.event.VersionedSnapshot;
import io.flinkblocks.output.Amount;
import io.flinkblocks.window.ByteStringSet;
import io.flinkblocks.window.MutableSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Format 1 of a revenue accumulator: orders, total (two words), largest order, users. */
public final class RevenueSerializer extends MutableSerializer<RevenueAccumulator> {
  static final RevenueSerializer INSTANCE = new RevenueSerializer();

  private static final long serialVersionUID = 1;

  @Override
  public RevenueAccumulator createInstance() {
    return new RevenueAccumulator();
  }

  @Override
  public RevenueAccumulator copy(RevenueAccumulator from) {
    return new RevenueAccumulator(
        Amount.ofWords(from.total.high(), from.total.low()),
        from.users.copy(),
        from.orders,
        from.maxMicros);
  }

  @Override
  public void serialize(RevenueAccumulator revenue, DataOutputView out) throws IOException {
    Compact.writeNumber(revenue.orders, out);
    out.writeLong(revenue.total.high());
    out.writeLong(revenue.total.low());
    Compact.writeNumber(revenue.maxMicros, out);
    revenue.users.write(out);
  }

  @Override
  public RevenueAccumulator deserialize(DataInputView in) throws IOException {
    long orders = Compact.readNumber(in);
    Amount total = Amount.ofWords(in.readLong(), in.readLong());
    long maxMicros = Compact.readNumber(in);
    return new RevenueAccumulator(total, ByteStringSet.read(in), orders, maxMicros);
  }

  @Override
  public TypeSerializerSnapshot<RevenueAccumulator> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<RevenueAccumulator> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<RevenueAccumulator> serializer(int version) {
      return INSTANCE;
    }
  }
}
