package io.flinkblocks.measures;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.Aggregator;
import io.flinkblocks.window.CombinedOperator;
import io.flinkblocks.window.EarlyFiring;
import io.flinkblocks.window.PaneOperator;
import org.apache.flink.streaming.api.datastream.DataStream;

/** The analysis windowing-tumbling: each category in windows that follow one another. */
public final class Tumbling {
  /** The output's name. */
  public static final String OUTPUT = "windowing-tumbling";

  /**
   * Adds the analysis to a job.
   *
   * @param events all events, with watermarks
   * @param settings {@code tumbling-minutes}, {@code allowed-lateness}, {@code early-firing}; all
   *     in ms
   * @return one record per category and window with an event, its corrections and early results;
   *     and late-events
   */
  public static DataStream<OutputRecord> apply(DataStream<Event> events, Settings settings) {
    long size = settings.millis("tumbling-minutes");
    PaneOperator<Measures> windows =
        new PaneOperator<>(
            OUTPUT,
            new WindowAggregator(OUTPUT, false),
            size,
            size,
            settings.millis("allowed-lateness"),
            new EarlyFiring(settings.millis("early-firing")));
    return CombinedOperator.apply(events, Event.CATEGORY, false, OUTPUT, windows);
  }

  /** The logic alone, for whoever runs it without an engine. */
  public static Aggregator<?> aggregator() {
    return new WindowAggregator(OUTPUT, false);
  }

  private Tumbling() {}
}
