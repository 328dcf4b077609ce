package io.flinkblocks.inventory;

import io.flinkblocks.cdc.Change;
import io.flinkblocks.config.Settings;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.util.Collector;

/** The analysis inventory-alerts: products whose stock runs low, is out, or is there again. */
public final class Inventory {
  /** The output's name. */
  public static final String OUTPUT = "inventory-alerts";

  /**
   * Adds the analysis to a job. It needs neither time nor state: each change says what was before
   * it. So it runs in the task of the rows, and says of a product's changes in their order.
   *
   * @param rows all changes, with the rows that were there before them
   * @param settings none is needed
   * @return one record per change that takes a product's stock to another level
   */
  public static DataStream<OutputRecord> apply(DataStream<Change> rows, Settings settings) {
    return rows.flatMap(new Crossings(), OutputRecord.TYPE)
        .setParallelism(rows.getParallelism())
        .name(OUTPUT)
        .uid(OUTPUT);
  }

  /** Emits a record for a change that crosses a level. */
  private static final class Crossings extends RichFlatMapFunction<Change, OutputRecord> {
    private static final long serialVersionUID = 1;

    private transient JsonWriter json;

    @Override
    public void open(OpenContext context) {
      json = new JsonWriter();
    }

    @Override
    public void flatMap(Change change, Collector<OutputRecord> out) {
      String alert = StockRule.alert(change);
      if (alert != null) {
        out.collect(StockRule.record(alert, change, json));
      }
    }
  }

  private Inventory() {}
}
