package io.flinkblocks.bench.stock.windowing;

import io.flinkblocks.bench.stock.LateEvents;
import io.flinkblocks.bench.stock.OutputLine;
import io.flinkblocks.bench.stock.ShopEvent;
import io.flinkblocks.config.Settings;
import java.time.Duration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/**
 * The measures of each category, with a sliding window, which adds each event to all its windows;
 * behind it a function compares each result with an earlier one.
 */
public final class Sliding {
  /** Adds the analysis to a job. */
  public static DataStream<OutputLine> of(DataStream<ShopEvent> events, Settings settings) {
    Duration size = Duration.ofMillis(settings.millis("sliding-minutes"));
    Duration slide = Duration.ofMillis(settings.millis("slide-minutes"));
    SingleOutputStreamOperator<SlidingResult> results =
        events
            .keyBy(event -> event.category)
            .window(SlidingEventTimeWindows.of(size, slide))
            .sideOutputLateData(LateEvents.TAG)
            .aggregate(new Measures.Aggregate(), new Result());
    return results
        .keyBy(result -> result.category)
        .process(new RevenueChange(size.toMillis()))
        .union(LateEvents.of(results, RevenueChange.OUTPUT));
  }

  private static final class Result
      extends ProcessWindowFunction<Measures, SlidingResult, String, TimeWindow> {
    private static final long serialVersionUID = 1;

    @Override
    public void process(
        String category, Context context, Iterable<Measures> all, Collector<SlidingResult> out) {
      Measures measures = all.iterator().next();
      SlidingResult result = new SlidingResult();
      result.category = category;
      result.start = context.window().getStart();
      result.end = context.window().getEnd();
      result.events = measures.events;
      result.purchases = measures.purchases;
      result.users = measures.users.size();
      result.revenue = measures.revenue;
      result.averagePrice = measures.averagePrice();
      result.minPrice = measures.minPrice;
      result.maxPrice = measures.maxPrice;
      out.collect(result);
    }
  }

  private Sliding() {}
}
