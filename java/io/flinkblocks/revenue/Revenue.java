package io.flinkblocks.revenue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Action;
import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.source.Relevant;
import io.flinkblocks.window.Aggregator;
import io.flinkblocks.window.CombinedOperator;
import io.flinkblocks.window.PaneOperator;
import java.time.Duration;
import org.apache.flink.streaming.api.datastream.DataStream;

/** The analysis revenue-metrics: what each category sold, minute by minute. */
public final class Revenue {
  /** The output's name. */
  public static final String OUTPUT = "revenue-metrics";

  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  /**
   * Adds the analysis to a job.
   *
   * @param events all events, with watermarks
   * @param settings {@code allowed-lateness}
   * @return one record per category and tumbling window of one minute with a purchase; and the late
   *     ones of the purchases as late-events
   */
  public static DataStream<OutputRecord> apply(DataStream<Event> events, Settings settings) {
    PaneOperator<RevenueAccumulator> windows =
        new PaneOperator<>(
            OUTPUT, new RevenueAggregator(), MINUTE, MINUTE, settings.millis("allowed-lateness"));
    DataStream<Event> purchases =
        Relevant.filter(
            events, OUTPUT, event -> event.action() == Action.PURCHASE, OUTPUT + "-purchases");
    return CombinedOperator.apply(purchases, Event.CATEGORY, true, OUTPUT, windows);
  }

  /** The logic alone, for whoever runs it without an engine. To be given purchases only. */
  public static Aggregator<?> aggregator() {
    return new RevenueAggregator();
  }

  private Revenue() {}
}
