package io.flinkblocks.measures;

import io.flinkblocks.output.Amount;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.Firing;
import io.flinkblocks.window.Rolling;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** The measures of tumbling and sliding windows. */
final class WindowAggregator extends MeasuresAggregator {
  private static final long serialVersionUID = 1;

  private static final String CHANGE = "revenue_change";

  private final String output;
  private final boolean compares;

  /**
   * @param output the name of the output
   * @param compares whether records tell the change of the revenue, compared with the window one
   *     size earlier
   */
  WindowAggregator(String output, boolean compares) {
    this.output = output;
    this.compares = compares;
  }

  @Override
  public boolean compares() {
    return compares;
  }

  @Override
  public Amount amount(Measures measures) {
    return measures.revenue;
  }

  @Override
  public Rolling<Measures> rolling() {
    return new RollingMeasures(this::record);
  }

  @Override
  public void emit(Firing firing, Measures measures, Consumer<OutputRecord> out) {
    out.accept(record(firing, Totals.of(measures)));
  }

  private OutputRecord record(Firing firing, Totals totals) {
    byte[] key = firing.key().getBytes(StandardCharsets.UTF_8);
    JsonWriter json =
        new JsonWriter()
            .begin()
            .field("window_key", key)
            .field("window_start", firing.window().start())
            .field("window_end", firing.window().end())
            .field("event_count", totals.events())
            .field("purchase_count", totals.purchases())
            .field("unique_users", totals.users())
            .amount("revenue", totals.revenue())
            .amount("avg_price", totals.prices().averageHalfUp2(totals.events()))
            .amount("min_price", totals.minMicros())
            .amount("max_price", totals.maxMicros());
    if (compares) {
      writeChange(totals.revenue(), firing.before(), json);
    }
    if (firing.early()) {
      json.field("early", true);
    } else {
      json.field("revision", firing.revision());
    }
    return OutputRecord.of(output, key, json.end());
  }

  /** The revenue minus that of before; null when there was no record to compare with. */
  private static void writeChange(Amount revenue, Amount before, JsonWriter json) {
    if (before == null) {
      json.nullField(CHANGE);
      return;
    }
    Amount change = Amount.ofWords(revenue.high(), revenue.low());
    change.subtract(before);
    json.amount(CHANGE, change);
  }
}
