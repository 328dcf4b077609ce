package io.flinkblocks.popularity;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.Aggregator;
import io.flinkblocks.window.CombinedOperator;
import io.flinkblocks.window.PaneOperator;
import org.apache.flink.streaming.api.datastream.DataStream;

/** The analysis analytics-results: the most popular products of each category. */
public final class Popularity {
  /** The output's name. */
  public static final String OUTPUT = "analytics-results";

  /**
   * Adds the analysis to a job.
   *
   * @param events all events, with watermarks
   * @param settings {@code popularity-window}, {@code popularity-slide}, {@code popularity-top},
   *     {@code allowed-lateness}
   * @return one record per rank of a category and sliding window; and late-events
   */
  public static DataStream<OutputRecord> apply(DataStream<Event> events, Settings settings) {
    return CombinedOperator.apply(events, Event.CATEGORY, true, OUTPUT, windows(settings));
  }

  static PaneOperator<PopularityAccumulator> windows(Settings settings) {
    return new PaneOperator<>(
        OUTPUT,
        new PopularityAggregator(settings.integer("popularity-top")),
        settings.millis("popularity-window"),
        settings.millis("popularity-slide"),
        settings.millis("allowed-lateness"));
  }

  /** The logic alone, for whoever runs it without an engine. */
  public static Aggregator<?> aggregator(Settings settings) {
    return new PopularityAggregator(settings.integer("popularity-top"));
  }

  private Popularity() {}
}
