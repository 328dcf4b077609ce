package io.flinkblocks.bench.stock.windowing;

import io.flinkblocks.bench.stock.LateEvents;
import io.flinkblocks.bench.stock.OutputLine;
import io.flinkblocks.bench.stock.ShopEvent;
import java.math.BigDecimal;
import java.time.Duration;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Three tumbling windows in a chain: each aggregates the results of the one before. */
public final class MultiLevel {
  private static final String OUTPUT = "windowing-multi_level";

  private static final OutputTag<OutputLine> RECORDS =
      new OutputTag<>("records", TypeInformation.of(OutputLine.class));

  /** Adds the analysis to a job. */
  public static DataStream<OutputLine> of(DataStream<ShopEvent> events) {
    SingleOutputStreamOperator<CategoryMeasures> minutes =
        events
            .keyBy(event -> event.category)
            .window(TumblingEventTimeWindows.of(Duration.ofMinutes(1)))
            .sideOutputLateData(LateEvents.TAG)
            .aggregate(new Measures.Aggregate(), new Emit("1min"));
    SingleOutputStreamOperator<CategoryMeasures> fives =
        above(minutes, Duration.ofMinutes(5), "5min");
    return minutes
        .getSideOutput(RECORDS)
        .union(
            fives.getSideOutput(RECORDS),
            above(fives, Duration.ofHours(1), "1h").getSideOutput(RECORDS),
            LateEvents.of(minutes, OUTPUT));
  }

  private static SingleOutputStreamOperator<CategoryMeasures> above(
      DataStream<CategoryMeasures> children, Duration size, String level) {
    return children
        .keyBy(child -> child.category)
        .window(TumblingEventTimeWindows.of(size))
        .aggregate(new CategoryMeasures.Aggregate(), new Emit(level));
  }

  private static final class Emit
      extends ProcessWindowFunction<Measures, CategoryMeasures, String, TimeWindow> {
    private static final long serialVersionUID = 1;

    private final String level;

    private Emit(String level) {
      this.level = level;
    }

    @Override
    public void process(
        String category, Context context, Iterable<Measures> all, Collector<CategoryMeasures> out)
        throws Exception {
      CategoryMeasures result = new CategoryMeasures();
      result.category = category;
      result.measures = all.iterator().next();
      out.collect(result);
      Level record =
          new Level(
              level,
              category,
              context.window().getStart(),
              context.window().getEnd(),
              result.measures.events,
              result.measures.purchases,
              result.measures.users.size(),
              OutputLine.money(result.measures.revenue),
              OutputLine.money(result.measures.minPrice),
              OutputLine.money(result.measures.maxPrice),
              0);
      context.output(RECORDS, OutputLine.of(OUTPUT, record));
    }
  }

  private record Level(
      String level,
      String windowKey,
      long windowStart,
      long windowEnd,
      long eventCount,
      long purchaseCount,
      int uniqueUsers,
      BigDecimal revenue,
      BigDecimal minPrice,
      BigDecimal maxPrice,
      int revision) {}

  private MultiLevel() {}
}
