package io.flinkblocks.run.testing;

import io.flinkblocks.config.UserError;
import java.time.Duration;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;

/**
 * A small job with the accumulators of a real one, for the tests of run control.
 *
 * <p>It sums numbers, one every 10 ms of event time, in windows of ten years: nothing comes out
 * before the end of event time, so output shows that a stop drained the job.
 */
public final class TestingJob {
  private static final long FIRST_MS = 1_704_067_200_000L;
  private static final long STEP_MS = 10;
  private static final long NONE = -1;

  private TestingJob() {}

  /**
   * Adds the job to an environment.
   *
   * @param count numbers to read, 0 ... count - 1
   * @param perSecond the source's rate
   * @param failAt the number at which the job fails, -1 for none
   * @param userError whether it fails with a {@link UserError}, else with a bug's exception
   * @param uncounted the number that the analysis forgets in its accounting, -1 for none
   */
  public static void build(
      StreamExecutionEnvironment env,
      long count,
      double perSecond,
      long failAt,
      boolean userError,
      long uncounted) {
    DataStream<Long> numbers =
        env.fromSource(
            new DataGeneratorSource<>(
                number -> number, count, RateLimiterStrategy.perSecond(perSecond), Types.LONG),
            WatermarkStrategy.<Long>forMonotonousTimestamps()
                .withTimestampAssigner((number, before) -> FIRST_MS + number * STEP_MS)
                .withIdleness(Duration.ofSeconds(1)),
            "numbers");
    numbers
        .map(new Failing(failAt, userError))
        .map(new Counting(NONE, "accounting.source.read", "accounting.source.valid"))
        .name("intake")
        .keyBy(number -> number % 4, Types.LONG)
        .map(new Counting(uncounted, "accounting.sums.used"))
        .keyBy(number -> number % 4, Types.LONG)
        .window(TumblingEventTimeWindows.of(Duration.ofDays(3650)))
        .reduce(Long::sum)
        .map(new Counting(NONE, "accounting.output.sums"))
        .name("sums")
        .sinkTo(new DiscardingSink<>())
        .name("discard");
  }

  /** Counts each record in accumulators. */
  private static final class Counting extends RichMapFunction<Long, Long> {
    private static final long serialVersionUID = 1;

    private final long except;
    private final String[] names;
    private transient LongCounter[] counters;

    Counting(long except, String... names) {
      this.except = except;
      this.names = names;
    }

    @Override
    public void open(OpenContext context) {
      counters = new LongCounter[names.length];
      for (int i = 0; i < names.length; i++) {
        counters[i] = getRuntimeContext().getLongCounter(names[i]);
      }
    }

    @Override
    public Long map(Long number) {
      for (LongCounter counter : counters) {
        counter.add(number == except ? 0 : 1);
      }
      return number;
    }
  }

  /** Passes records on and fails at one of them. */
  private static final class Failing extends RichMapFunction<Long, Long> {
    private static final long serialVersionUID = 1;

    private final long failAt;
    private final boolean userError;

    Failing(long failAt, boolean userError) {
      this.failAt = failAt;
      this.userError = userError;
    }

    @Override
    public Long map(Long number) {
      if (number == failAt) {
        throw userError
            ? new UserError("record " + number + " is too much", "ask for fewer records")
            : new IllegalStateException("a bug at record " + number);
      }
      return number;
    }
  }
}
