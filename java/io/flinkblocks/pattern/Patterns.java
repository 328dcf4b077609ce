package io.flinkblocks.pattern;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.ordered.KeyedLogic;
import io.flinkblocks.ordered.OrderedOperator;
import io.flinkblocks.output.OutputRecord;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * The analysis windowing-pattern: what users do with products, and in which minutes a category has
 * far more events than before.
 */
public final class Patterns {
  /** The output's name, and that of the users' patterns in the accounting. */
  public static final String OUTPUT = "windowing-pattern";

  /** The name of the spikes in the accounting: they see every event once more. */
  public static final String SPIKES = "windowing-pattern-spike";

  /**
   * Adds the analysis to a job.
   *
   * @param events all events, with watermarks
   * @param settings none of them matters
   * @return one record per pattern that was found; and late-events of either part
   */
  public static DataStream<OutputRecord> apply(DataStream<Event> events, Settings settings) {
    DataStream<OutputRecord> patterns =
        events
            .keyBy(Event::userId, Types.STRING)
            .transform(OUTPUT, OutputRecord.TYPE, new OrderedOperator<>(OUTPUT, users()))
            .uid(OUTPUT);
    DataStream<OutputRecord> spikes =
        events
            .keyBy(Event::category, Types.STRING)
            .transform(SPIKES, OutputRecord.TYPE, new OrderedOperator<>(SPIKES, categories()))
            .uid(SPIKES);
    return patterns.union(spikes);
  }

  /** The logic by user alone, for whoever runs it without an engine. */
  public static KeyedLogic<?> users() {
    return new PatternLogic();
  }

  /** The logic by category alone, for whoever runs it without an engine. */
  public static KeyedLogic<?> categories() {
    return new SpikeLogic();
  }

  private Patterns() {}
}
