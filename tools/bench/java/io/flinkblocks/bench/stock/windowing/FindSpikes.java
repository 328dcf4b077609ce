package io.flinkblocks.bench.stock.windowing;

import io.flinkblocks.bench.stock.OutputLine;
import io.flinkblocks.bench.stock.windowing.Spikes.MinuteCount;
import io.flinkblocks.bench.stock.windowing.Spikes.Spike;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Compares a category's minute with the five before it. */
final class FindSpikes extends KeyedProcessFunction<String, MinuteCount, OutputLine> {
  private static final long serialVersionUID = 1;
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();
  private static final int MINUTES = 5;
  private static final int FACTOR = 3;

  private transient ValueState<Recent> states;

  /** The last minutes of a category; a POJO. */
  public static final class Recent {
    public long first;
    public long last;
    public Map<Long, Long> counts = new HashMap<>();

    public Recent() {}
  }

  @Override
  public void open(OpenContext context) {
    states =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("recent", TypeInformation.of(Recent.class)));
  }

  @Override
  public void processElement(MinuteCount count, Context context, Collector<OutputLine> out)
      throws Exception {
    Recent recent = states.value();
    if (recent == null || count.minute > recent.last + MINUTES * MINUTE) {
      recent = new Recent();
      recent.first = count.minute;
    }
    recent.counts.keySet().removeIf(minute -> minute < count.minute - MINUTES * MINUTE);
    long before = recent.counts.values().stream().mapToLong(Long::longValue).sum();
    if (count.minute >= recent.first + MINUTES * MINUTE
        && count.events * MINUTES > FACTOR * before) {
      BigDecimal baseline = OutputLine.average(BigDecimal.valueOf(before), MINUTES);
      Spike spike =
          new Spike(
              "spike", count.category, count.minute, count.minute + MINUTE, count.events, baseline);
      out.collect(OutputLine.of(Patterns.OUTPUT, spike));
    }
    recent.counts.put(count.minute, count.events);
    recent.last = count.minute;
    states.update(recent);
    context.timerService().registerEventTimeTimer(forgotten(recent));
  }

  @Override
  public void onTimer(long time, OnTimerContext context, Collector<OutputLine> out)
      throws Exception {
    Recent recent = states.value();
    if (recent != null && forgotten(recent) == time) {
      states.clear();
    }
  }

  /** The end of five minutes without an event. */
  private static long forgotten(Recent recent) {
    return recent.last + (MINUTES + 1) * MINUTE - 1;
  }
}
