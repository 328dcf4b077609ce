package io.flinkblocks.bench.stock.windowing;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.flinkblocks.bench.stock.OutputLine;
import java.math.BigDecimal;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Compares a window's revenue with that of the window one size earlier. */
final class RevenueChange extends KeyedProcessFunction<String, SlidingResult, OutputLine> {
  static final String OUTPUT = "windowing-sliding";

  private static final long serialVersionUID = 1;

  private final long size;
  private transient MapState<Long, BigDecimal> revenues;

  RevenueChange(long size) {
    this.size = size;
  }

  @Override
  public void open(OpenContext context) {
    revenues =
        getRuntimeContext()
            .getMapState(new MapStateDescriptor<>("revenues", Types.LONG, Types.BIG_DEC));
  }

  @Override
  public void processElement(SlidingResult result, Context context, Collector<OutputLine> out)
      throws Exception {
    BigDecimal before = revenues.get(result.start - size);
    revenues.put(result.start, result.revenue);
    // When the window that wants it has fired, too.
    context.timerService().registerEventTimeTimer(result.end - 1 + size);
    out.collect(line(result, before));
  }

  @Override
  public void onTimer(long time, OnTimerContext context, Collector<OutputLine> out)
      throws Exception {
    revenues.remove(time + 1 - 2 * size);
  }

  private static OutputLine line(SlidingResult result, BigDecimal before)
      throws JsonProcessingException {
    return OutputLine.of(
        OUTPUT,
        new Compared(
            result.category,
            result.start,
            result.end,
            result.events,
            result.purchases,
            result.users,
            OutputLine.money(result.revenue),
            result.averagePrice,
            OutputLine.money(result.minPrice),
            OutputLine.money(result.maxPrice),
            before == null ? null : OutputLine.money(result.revenue.subtract(before)),
            0));
  }

  private record Compared(
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
      BigDecimal revenueChange,
      int revision) {}
}
