package io.flinkblocks.bench.stock;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** Revenue by category and minute, with a tumbling window. */
final class Revenue {
  private static final String OUTPUT = "revenue-metrics";

  static DataStream<OutputLine> of(DataStream<ShopEvent> events) {
    return LateEvents.with(
        events
            .filter(ShopEvent::isPurchase)
            .keyBy(event -> event.category)
            .window(TumblingEventTimeWindows.of(Duration.ofMinutes(1)))
            .sideOutputLateData(LateEvents.TAG)
            .aggregate(new Aggregate(), new Emit()),
        OUTPUT);
  }

  /** The accumulator, a POJO. */
  public static final class Totals {
    public BigDecimal revenue = BigDecimal.ZERO;
    public BigDecimal max = BigDecimal.ZERO;
    public long orders;
    public Set<String> users = new HashSet<>();

    public Totals() {}
  }

  private static final class Aggregate implements AggregateFunction<ShopEvent, Totals, Totals> {
    private static final long serialVersionUID = 1;

    @Override
    public Totals createAccumulator() {
      return new Totals();
    }

    @Override
    public Totals add(ShopEvent purchase, Totals totals) {
      BigDecimal amount = purchase.amount();
      totals.revenue = totals.revenue.add(amount);
      totals.max = totals.max.max(amount);
      totals.orders++;
      totals.users.add(purchase.userId);
      return totals;
    }

    @Override
    public Totals getResult(Totals totals) {
      return totals;
    }

    @Override
    public Totals merge(Totals left, Totals right) {
      left.revenue = left.revenue.add(right.revenue);
      left.max = left.max.max(right.max);
      left.orders += right.orders;
      left.users.addAll(right.users);
      return left;
    }
  }

  private static final class Emit
      extends ProcessWindowFunction<Totals, OutputLine, String, TimeWindow> {
    private static final long serialVersionUID = 1;

    @Override
    public void process(
        String category, Context context, Iterable<Totals> totals, Collector<OutputLine> out)
        throws Exception {
      Totals all = totals.iterator().next();
      Metrics metrics =
          new Metrics(
              category,
              context.window().getStart(),
              context.window().getEnd(),
              OutputLine.money(all.revenue),
              all.orders,
              all.users.size(),
              OutputLine.average(all.revenue, all.orders),
              OutputLine.money(all.max));
      out.collect(OutputLine.of(OUTPUT, metrics));
    }
  }

  private record Metrics(
      String windowKey,
      long windowStart,
      long windowEnd,
      BigDecimal totalRevenue,
      long orderCount,
      int uniqueUsers,
      BigDecimal avgOrderValue,
      BigDecimal maxOrderValue) {}

  private Revenue() {}
}
