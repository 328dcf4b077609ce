package io.flinkblocks.lifecycle;

import io.flinkblocks.cdc.Change;
import io.flinkblocks.config.Settings;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.util.Collector;

/** The analysis user-lifecycle-events: what happens to users, one record for each step. */
public final class Lifecycle {
  /** The output's name. */
  public static final String OUTPUT = "user-lifecycle-events";

  /**
   * Adds the analysis to a job. It needs neither time nor state: each change says what was before
   * it. So it runs in the task of the rows, and says of a user's changes in their order.
   *
   * @param rows all changes, with the rows that were there before them
   * @param settings {@code tiers}: their names, the lowest first, with commas in between
   * @return none, one or two records per change of a user
   */
  public static DataStream<OutputRecord> apply(DataStream<Change> rows, Settings settings) {
    LifecycleRules rules = new LifecycleRules(List.of(settings.text("tiers").split(",")));
    return rows.flatMap(new Steps(rules), OutputRecord.TYPE)
        .setParallelism(rows.getParallelism())
        .name(OUTPUT)
        .uid(OUTPUT);
  }

  /** Emits a record for each step that a change is. */
  private static final class Steps extends RichFlatMapFunction<Change, OutputRecord> {
    private static final long serialVersionUID = 1;

    private final LifecycleRules rules;
    private transient JsonWriter json;

    Steps(LifecycleRules rules) {
      this.rules = rules;
    }

    @Override
    public void open(OpenContext context) {
      json = new JsonWriter();
    }

    @Override
    public void flatMap(Change change, Collector<OutputRecord> out) {
      for (String type : rules.types(change)) {
        out.collect(rules.record(type, change, json));
      }
    }
  }

  private Lifecycle() {}
}
