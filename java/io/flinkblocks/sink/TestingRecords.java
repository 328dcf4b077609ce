package io.flinkblocks.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkblocks.event.DeadLetter.Header;
import io.flinkblocks.output.OutputRecord;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.LongStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Records of three outputs for a sink under test, a few hundred per checkpoint, and faults. */
public final class TestingRecords {
  public static final String RESULTS = "revenue-metrics";
  public static final List<String> OUTPUTS =
      List.of(RESULTS, OutputRecord.LATE_EVENTS, OutputRecord.DEAD_LETTER);

  private static final long PER_CHECKPOINT = 300;

  /** The dead letter that is larger than Kafka's records usually may be. */
  private static final long LARGE = 366;

  /** What still has to go wrong; the jobs of a test run in its JVM. */
  private static final Set<String> FAULTS = new ConcurrentSkipListSet<>();

  /** Record {@code i}: a result, a late event or a dead letter with bytes of every kind. */
  public static OutputRecord record(long i) {
    byte[] key = ("key-" + i % 7).getBytes(UTF_8);
    if (i % 5 == 0) {
      byte[] event = String.format("{\"event\":{\n \"i\": %d\r\n}}", i).getBytes(UTF_8);
      return OutputRecord.of(OutputRecord.LATE_EVENTS, key, event);
    }
    if (i % 5 == 1) {
      byte[] raw =
          ByteBuffer.allocate(i == LARGE ? 2 << 20 : 12).putInt(0xff000a0d).putLong(i).array();
      List<Header> headers =
          List.of(
              new Header("original", i % 2 == 0 ? null : new byte[] {0, -1, (byte) i}),
              new Header("original", key),
              new Header("dlq.reason", "not_json".getBytes(UTF_8)));
      return new OutputRecord(
          OutputRecord.DEAD_LETTER, i % 3 == 0 ? null : key, hasNumber(i) ? raw : null, headers);
    }
    return OutputRecord.of(RESULTS, key, ("{\"i\":" + i + "}").getBytes(UTF_8));
  }

  /** Whether the value of record {@code i} tells its number; some dead letters have no value. */
  public static boolean hasNumber(long i) {
    return i % 15 != 1;
  }

  /** The number of the record with this value; empty when there is no value. */
  public static OptionalLong number(OutputRecord record) {
    byte[] value = record.value();
    if (value == null) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        record.output().equals(OutputRecord.DEAD_LETTER)
            ? ByteBuffer.wrap(value).getLong(4)
            : Long.parseLong(new String(value, UTF_8).replaceAll("[^0-9]", "")));
  }

  /** The first {@code count} records as far as they are of one output. */
  public static List<OutputRecord> of(String output, long count) {
    return LongStream.range(0, count)
        .mapToObj(TestingRecords::record)
        .filter(record -> record.output().equals(output))
        .toList();
  }

  /** An embedded cluster's environment with quick checkpoints, which are kept. */
  public static StreamExecutionEnvironment environment(int parallelism, String checkpoints) {
    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    configuration.set(StateBackendOptions.STATE_BACKEND, "hashmap");
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "file://" + checkpoints);
    configuration.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration);
    env.enableCheckpointing(100);
    return env;
  }

  /** Lets the environment's job begin at a checkpoint. */
  public static void resume(StreamExecutionEnvironment env, Path checkpoint) {
    env.configure(
        new Configuration()
            .set(StateRecoveryOptions.SAVEPOINT_PATH, checkpoint.toUri().toString()));
  }

  /** The first {@code count} records. */
  public static DataStream<OutputRecord> stream(StreamExecutionEnvironment env, long count) {
    DataGeneratorSource<Long> numbers =
        new DataGeneratorSource<>(
            i -> i, count, RateLimiterStrategy.perCheckpoint((int) PER_CHECKPOINT), Types.LONG);
    return env.fromSource(numbers, WatermarkStrategy.noWatermarks(), "numbers")
        .uid("numbers")
        .map(new Faulty())
        .returns(OutputRecord.TYPE)
        .name("records")
        .uid("records");
  }

  /**
   * The next job fails twice: between two checkpoints, and between a checkpoint's completion and
   * the sink's commit.
   */
  public static void injectFaults() {
    FAULTS.addAll(List.of("between", "commit"));
  }

  /** Whether all faults came to pass. */
  public static boolean faultsHappened() {
    return FAULTS.isEmpty();
  }

  private static final class Faulty implements MapFunction<Long, OutputRecord>, CheckpointListener {
    private static final long serialVersionUID = 1;

    @Override
    public OutputRecord map(Long i) {
      if (i == PER_CHECKPOINT + 100 && FAULTS.remove("between")) {
        throw new IllegalStateException("a fault on purpose, between checkpoints");
      }
      return record(i);
    }

    /** Called before the sink's own, as this operator stands in front of it. */
    @Override
    public void notifyCheckpointComplete(long checkpoint) {
      if (checkpoint >= 6 && FAULTS.remove("commit")) {
        throw new IllegalStateException("a fault on purpose, before the commit");
      }
    }
  }

  private TestingRecords() {}
}
