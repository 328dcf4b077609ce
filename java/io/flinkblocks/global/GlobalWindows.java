package io.flinkblocks.global;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.ordered.KeyedLogic;
import io.flinkblocks.ordered.OrderedOperator;
import io.flinkblocks.output.OutputRecord;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * The analysis windowing-global: the latest prices of each product, in one window without end that
 * fires by number of events and by timeout.
 */
public final class GlobalWindows {
  /** The output's name. */
  public static final String OUTPUT = "windowing-global";

  /**
   * Adds the analysis to a job.
   *
   * @param events all events, with watermarks
   * @param settings {@code custom-trigger-count}
   * @return one record per firing; and late-events
   */
  public static DataStream<OutputRecord> apply(DataStream<Event> events, Settings settings) {
    return events
        .keyBy(Event::productId, Types.STRING)
        .transform(OUTPUT, OutputRecord.TYPE, new OrderedOperator<>(OUTPUT, logic(settings)))
        .uid(OUTPUT);
  }

  /** The logic alone, for whoever runs it without an engine. */
  public static KeyedLogic<?> logic(Settings settings) {
    return new GlobalLogic(settings.number("custom-trigger-count"));
  }

  private GlobalWindows() {}
}
