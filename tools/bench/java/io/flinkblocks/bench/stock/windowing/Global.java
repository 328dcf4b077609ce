package io.flinkblocks.bench.stock.windowing;

import io.flinkblocks.bench.stock.LateEvents;
import io.flinkblocks.bench.stock.OutputLine;
import io.flinkblocks.bench.stock.ShopEvent;
import io.flinkblocks.config.Settings;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.GlobalWindows;
import org.apache.flink.streaming.api.windowing.windows.GlobalWindow;
import org.apache.flink.util.Collector;

/**
 * The latest prices of each product, with a global window, a trigger and an evictor. Those take
 * events as they come, so a keyed process function puts them in order before.
 */
public final class Global {
  private static final String OUTPUT = "windowing-global";
  private static final long TIMEOUT = Duration.ofMinutes(5).toMillis();
  private static final long KEPT = Duration.ofMinutes(10).toMillis();
  private static final int LIMIT = 500;

  /** Adds the analysis to a job. */
  public static DataStream<OutputLine> of(DataStream<ShopEvent> events, Settings settings) {
    int count = settings.integer("custom-trigger-count");
    SingleOutputStreamOperator<PricedEvent> ordered =
        events.keyBy(event -> event.productId).process(new InOrder());
    return ordered
        .keyBy(event -> event.productId)
        .window(GlobalWindows.create())
        .trigger(new CountOrTimeout(count, TIMEOUT, KEPT))
        .evictor(new Recent(KEPT, LIMIT))
        .process(new Emit())
        .union(LateEvents.of(ordered, OUTPUT));
  }

  private static final class Emit
      extends ProcessWindowFunction<PricedEvent, OutputLine, String, GlobalWindow> {
    private static final long serialVersionUID = 1;

    @Override
    public void process(
        String product, Context context, Iterable<PricedEvent> contents, Collector<OutputLine> out)
        throws Exception {
      Batch batch = context.windowState().getState(Batch.STATE).value();
      boolean isTimeout = batch.timeout != Batch.NONE;
      List<PricedEvent> shown = shown(contents, isTimeout ? batch.timeout : Long.MAX_VALUE);
      out.collect(OutputLine.of(OUTPUT, fired(product, isTimeout ? "timeout" : "count", shown)));
    }
  }

  /** What a firing shows of the contents, in order: those before its time, within the limits. */
  private static List<PricedEvent> shown(Iterable<PricedEvent> contents, long before) {
    List<PricedEvent> events = new ArrayList<>();
    for (PricedEvent event : contents) {
      if (event.timestamp < before) {
        events.add(event);
      }
    }
    long oldest = events.get(events.size() - 1).timestamp - KEPT;
    int from = Math.max(0, events.size() - LIMIT);
    while (events.get(from).timestamp <= oldest) {
      from++;
    }
    return events.subList(from, events.size());
  }

  private static Fired fired(String product, String by, List<PricedEvent> events) {
    BigDecimal total = BigDecimal.ZERO;
    BigDecimal lowest = events.get(0).price;
    BigDecimal highest = lowest;
    for (PricedEvent event : events) {
      total = total.add(event.price);
      lowest = lowest.min(event.price);
      highest = highest.max(event.price);
    }
    return new Fired(
        product,
        by,
        events.get(0).timestamp,
        events.get(events.size() - 1).timestamp,
        events.size(),
        OutputLine.average(total, events.size()),
        OutputLine.money(lowest),
        OutputLine.money(highest));
  }

  private record Fired(
      String productId,
      String firedBy,
      long from,
      long to,
      int count,
      BigDecimal avgPrice,
      BigDecimal minPrice,
      BigDecimal maxPrice) {}

  private Global() {}
}
