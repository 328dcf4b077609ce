package io.flinkblocks.measures;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.Aggregator;
import io.flinkblocks.window.CombinedOperator;
import io.flinkblocks.window.LevelOperator;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * The analysis windowing-multi_level: each category by minute, by 5 minutes and by hour, each level
 * made of the results of the one below.
 */
public final class MultiLevel {
  /** The output's name. */
  public static final String OUTPUT = "windowing-multi_level";

  private static final Map<Long, String> LEVELS =
      Map.of(
          Duration.ofMinutes(1).toMillis(), "1min",
          Duration.ofMinutes(5).toMillis(), "5min",
          Duration.ofHours(1).toMillis(), "1h");

  /**
   * Adds the analysis to a job.
   *
   * @param events all events, with watermarks
   * @param settings {@code allowed-lateness}
   * @return one record per category, level and window with an event, and its corrections; and
   *     late-events
   */
  public static DataStream<OutputRecord> apply(DataStream<Event> events, Settings settings) {
    return CombinedOperator.apply(events, Event.CATEGORY, false, OUTPUT, windows(settings));
  }

  static LevelOperator<Measures> windows(Settings settings) {
    LevelAggregator aggregator = new LevelAggregator(LEVELS);
    return new LevelOperator<>(
        OUTPUT, aggregator, aggregator.sizes(), settings.millis("allowed-lateness"));
  }

  /** The logic alone, for whoever runs it without an engine. */
  public static Aggregator<?> aggregator() {
    return new LevelAggregator(LEVELS);
  }

  private MultiLevel() {}
}
