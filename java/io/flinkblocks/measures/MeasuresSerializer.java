package io.flinkblocks.measures;

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

/**
 * Format 1 of measures: events, purchases, lowest and highest price, sum of prices and revenue (two
 * words each), users.
 */
public final class MeasuresSerializer extends MutableSerializer<Measures> {
  static final MeasuresSerializer INSTANCE = new MeasuresSerializer();

  private static final long serialVersionUID = 1;

  @Override
  public Measures createInstance() {
    return new Measures();
  }

  @Override
  public Measures copy(Measures from) {
    return from.copy();
  }

  @Override
  public void serialize(Measures measures, DataOutputView out) throws IOException {
    Compact.writeNumber(measures.events, out);
    Compact.writeNumber(measures.purchases, out);
    Compact.writeNumber(measures.minMicros, out);
    Compact.writeNumber(measures.maxMicros, out);
    write(measures.prices, out);
    write(measures.revenue, out);
    measures.users.write(out);
  }

  @Override
  public Measures deserialize(DataInputView in) throws IOException {
    long events = Compact.readNumber(in);
    long purchases = Compact.readNumber(in);
    long minMicros = Compact.readNumber(in);
    long maxMicros = Compact.readNumber(in);
    Amount prices = readAmount(in);
    Amount revenue = readAmount(in);
    Measures measures = new Measures(ByteStringSet.read(in), revenue, prices);
    measures.events = events;
    measures.purchases = purchases;
    measures.minMicros = minMicros;
    measures.maxMicros = maxMicros;
    return measures;
  }

  private static void write(Amount amount, DataOutputView out) throws IOException {
    out.writeLong(amount.high());
    out.writeLong(amount.low());
  }

  private static Amount readAmount(DataInputView in) throws IOException {
    return Amount.ofWords(in.readLong(), in.readLong());
  }

  @Override
  public TypeSerializerSnapshot<Measures> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<Measures> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<Measures> serializer(int version) {
      return INSTANCE;
    }
  }
}
