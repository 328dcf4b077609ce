package io.flinkblocks.highvalue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import java.util.function.Function;
import org.apache.flink.streaming.api.datastream.DataStream;

/** The analysis high-value-transactions: purchases of at least a given amount. */
public final class HighValue {
  /** The output's name. */
  public static final String OUTPUT = "high-value-transactions";

  /**
   * Adds the analysis to a job. It needs neither time nor state beside its counts, so it runs in
   * the task of the events, and none of them is late.
   *
   * @param events all events
   * @param settings {@code high-value-threshold}
   * @return one record per purchase of that amount or more
   */
  public static DataStream<OutputRecord> apply(DataStream<Event> events, Settings settings) {
    HighValueRule rule = HighValueRule.of(settings.decimal("high-value-threshold"));
    return events
        .transform(OUTPUT, OutputRecord.TYPE, new HighValueOperator(rule))
        .setParallelism(events.getParallelism())
        .uid(OUTPUT);
  }

  /** The logic alone, for whoever runs it without an engine: an event's record, or null. */
  public static Function<Event, OutputRecord> logic(Settings settings) {
    HighValueRule rule = HighValueRule.of(settings.decimal("high-value-threshold"));
    JsonWriter json = new JsonWriter();
    return event -> rule.matches(event) ? rule.record(event, json) : null;
  }

  private HighValue() {}
}
