package io.flinkblocks.bench.stock.windowing;

import io.flinkblocks.bench.stock.LateEvents;
import io.flinkblocks.bench.stock.OutputLine;
import io.flinkblocks.bench.stock.ShopEvent;
import java.math.BigDecimal;
import java.time.Duration;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** Sudden crowds in a category: a tumbling window counts, a keyed process function compares. */
public final class Spikes {
  /** Adds the analysis to a job. */
  public static DataStream<OutputLine> of(DataStream<ShopEvent> events) {
    SingleOutputStreamOperator<MinuteCount> counts =
        events
            .keyBy(event -> event.category)
            .window(TumblingEventTimeWindows.of(Duration.ofMinutes(1)))
            .sideOutputLateData(LateEvents.TAG)
            .aggregate(new Count(), new ToMinute());
    return counts
        .keyBy(count -> count.category)
        .process(new FindSpikes())
        .union(LateEvents.of(counts, Patterns.OUTPUT + "-spike"));
  }

  /** The events of a category in a minute; a POJO. */
  public static final class MinuteCount {
    public String category;
    public long minute;
    public long events;

    public MinuteCount() {}
  }

  private static final class Count implements AggregateFunction<ShopEvent, Long, Long> {
    private static final long serialVersionUID = 1;

    @Override
    public Long createAccumulator() {
      return 0L;
    }

    @Override
    public Long add(ShopEvent event, Long count) {
      return count + 1;
    }

    @Override
    public Long getResult(Long count) {
      return count;
    }

    @Override
    public Long merge(Long left, Long right) {
      return left + right;
    }
  }

  private static final class ToMinute
      extends ProcessWindowFunction<Long, MinuteCount, String, TimeWindow> {
    private static final long serialVersionUID = 1;

    @Override
    public void process(
        String category, Context context, Iterable<Long> counts, Collector<MinuteCount> out) {
      MinuteCount count = new MinuteCount();
      count.category = category;
      count.minute = context.window().getStart();
      count.events = counts.iterator().next();
      out.collect(count);
    }
  }

  /** A spike as it is written. */
  record Spike(
      String pattern,
      String category,
      long windowStart,
      long windowEnd,
      long eventCount,
      BigDecimal baseline) {}

  private Spikes() {}
}
