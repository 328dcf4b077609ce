package io.flinkblocks.analytics;

import io.flinkblocks.event.Compact;
import io.flinkblocks.event.VersionedSnapshot;
import io.flinkblocks.output.Amount;
import io.flinkblocks.window.MutableSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Format 1 of an owner's totals: whether there is a row, its label and stock, count, total (two
 * words), time of the latest order.
 */
public final class TotalsSerializer extends MutableSerializer<Totals> {
  static final TotalsSerializer INSTANCE = new TotalsSerializer();

  private static final long serialVersionUID = 1;

  @Override
  public Totals createInstance() {
    return new Totals();
  }

  @Override
  public Totals copy(Totals from) {
    Totals copy = new Totals(Amount.ofWords(from.total.high(), from.total.low()));
    copy.isPresent = from.isPresent;
    copy.label = from.label;
    copy.stock = from.stock;
    copy.count = from.count;
    copy.latest = from.latest;
    return copy;
  }

  @Override
  public void serialize(Totals totals, DataOutputView out) throws IOException {
    out.writeBoolean(totals.isPresent);
    Compact.writeText(totals.label, out);
    Compact.writeNumber(totals.stock, out);
    Compact.writeNumber(totals.count, out);
    out.writeLong(totals.total.high());
    out.writeLong(totals.total.low());
    out.writeLong(totals.latest);
  }

  @Override
  public Totals deserialize(DataInputView in) throws IOException {
    boolean isPresent = in.readBoolean();
    String label = Compact.readText(in);
    long stock = Compact.readNumber(in);
    long count = Compact.readNumber(in);
    Totals totals = new Totals(Amount.ofWords(in.readLong(), in.readLong()));
    totals.isPresent = isPresent;
    totals.label = label;
    totals.stock = stock;
    totals.count = count;
    totals.latest = in.readLong();
    return totals;
  }

  @Override
  public TypeSerializerSnapshot<Totals> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<Totals> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<Totals> serializer(int version) {
      return INSTANCE;
    }
  }
}
