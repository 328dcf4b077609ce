package io.flinkblocks.bench.stock.windowing;

import io.flinkblocks.bench.stock.LateEvents;
import io.flinkblocks.bench.stock.OutputLine;
import io.flinkblocks.bench.stock.ShopEvent;
import io.flinkblocks.config.Settings;
import java.math.BigDecimal;
import java.time.Duration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** The measures of each category, with a tumbling window. */
public final class Tumbling {
  private static final String OUTPUT = "windowing-tumbling";

  /** Adds the analysis to a job. */
  public static DataStream<OutputLine> of(DataStream<ShopEvent> events, Settings settings) {
    Duration size = Duration.ofMillis(settings.millis("tumbling-minutes"));
    return LateEvents.with(
        events
            .keyBy(event -> event.category)
            .window(TumblingEventTimeWindows.of(size))
            .sideOutputLateData(LateEvents.TAG)
            .aggregate(new Measures.Aggregate(), new Emit()),
        OUTPUT);
  }

  private static final class Emit
      extends ProcessWindowFunction<Measures, OutputLine, String, TimeWindow> {
    private static final long serialVersionUID = 1;

    @Override
    public void process(
        String category, Context context, Iterable<Measures> results, Collector<OutputLine> out)
        throws Exception {
      Measures measures = results.iterator().next();
      Result result =
          new Result(
              category,
              context.window().getStart(),
              context.window().getEnd(),
              measures.events,
              measures.purchases,
              measures.users.size(),
              OutputLine.money(measures.revenue),
              measures.averagePrice(),
              OutputLine.money(measures.minPrice),
              OutputLine.money(measures.maxPrice),
              0);
      out.collect(OutputLine.of(OUTPUT, result));
    }
  }

  private record Result(
      String windowKey,
      long windowStart,
      long windowEnd,
      long eventCount,
      long purchaseCount,
      int uniqueUsers,
      BigDecimal revenue,
      BigDecimal avgPrice,
      BigDecimal minPrice,
      BigDecimal maxPrice,
      int revision) {}

  private Tumbling() {}
}
