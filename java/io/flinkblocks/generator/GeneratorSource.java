package io.flinkblocks.generator;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.event.SourceRecord;
import io.flinkblocks.source.FixedSplitsEnumerator;
import io.flinkblocks.source.SplitEmitter;
import io.flinkblocks.source.SplitListSerializer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Generated shop traffic as a Flink source; bounded when {@code --records} is not 0.
 *
 * <p>Its splits are the {@link ShopTraffic#LANES} lanes of {@link ShopTraffic}, whatever the
 * parallelism: each has its own watermark, and which subtask reads it changes nothing in it. A
 * restart goes on in each lane with the very event after the checkpoint.
 *
 * <p>Subtasks that run ahead in event time wait for the others: what is between them has to be held
 * in state downstream.
 */
public final class GeneratorSource
    implements Source<SourceRecord, GeneratorSplit, List<GeneratorSplit>> {
  /** Uid and name of the step; state is found by it. */
  public static final String UID = "source";

  private static final long serialVersionUID = 1;

  // At most 360,000 events. At full speed subtasks need a good deal longer for that than they wait
  // for the news how far the others are, so they are not slowed down.
  private static final Duration MAX_AHEAD = Duration.ofHours(2);
  private static final Duration COMPARE_EVERY = Duration.ofMillis(100);

  private final TrafficOptions options;
  private final long maxOutOfOrderness;
  private final long maxFuture;
  private final long firstStart;

  private GeneratorSource(Settings settings, long now) {
    options = TrafficOptions.of(settings);
    maxOutOfOrderness = settings.millis("max-out-of-orderness");
    maxFuture = settings.millis("max-future");
    firstStart = now;
  }

  /**
   * The source of {@code --records, --rate, --seed, --late-events, --invalid-records,
   * --fraud-episodes}; the last three may be missing.
   *
   * @param now the time, in ms since the epoch: a job that does not resume remembers it as its
   *     first start, and timestamps may be {@code --max-future} ahead of it
   * @throws UserError for a value out of its range
   */
  public static GeneratorSource of(Settings settings, long now) {
    return new GeneratorSource(settings, now);
  }

  /**
   * The generated records.
   *
   * @throws UserError for a value out of its range
   */
  public static DataStream<SourceRecord> stream(StreamExecutionEnvironment env, Settings settings) {
    GeneratorSource source = of(settings, System.currentTimeMillis());
    // More readers than lanes would have nothing to do.
    int parallelism = Math.min(env.getParallelism(), source.lanes());
    WatermarkStrategy<SourceRecord> watermarks = WatermarkStrategy.noWatermarks();
    if (parallelism > 1) {
      watermarks = watermarks.withWatermarkAlignment(UID, MAX_AHEAD, COMPARE_EVERY);
    }
    return env.fromSource(source, watermarks, UID, SourceRecord.TYPE)
        .setParallelism(parallelism)
        .uid(UID);
  }

  TrafficOptions options() {
    return options;
  }

  /** How many lanes have events. */
  int lanes() {
    return (int) Math.min(options.limit(), ShopTraffic.LANES);
  }

  long maxFuture() {
    return maxFuture;
  }

  @Override
  public Boundedness getBoundedness() {
    return options.records() == 0 ? Boundedness.CONTINUOUS_UNBOUNDED : Boundedness.BOUNDED;
  }

  @Override
  public SplitEnumerator<GeneratorSplit, List<GeneratorSplit>> createEnumerator(
      SplitEnumeratorContext<GeneratorSplit> context) {
    List<GeneratorSplit> splits =
        IntStream.range(0, lanes())
            .mapToObj(lane -> GeneratorSplit.unread(lane, firstStart))
            .toList();
    return new FixedSplitsEnumerator<>(context, splits);
  }

  @Override
  public SplitEnumerator<GeneratorSplit, List<GeneratorSplit>> restoreEnumerator(
      SplitEnumeratorContext<GeneratorSplit> context, List<GeneratorSplit> unassigned) {
    return new FixedSplitsEnumerator<>(context, unassigned);
  }

  @Override
  public SourceReader<SourceRecord, GeneratorSplit> createReader(SourceReaderContext context) {
    return new GeneratorReader(context, this, new SplitEmitter(maxOutOfOrderness));
  }

  @Override
  public SimpleVersionedSerializer<GeneratorSplit> getSplitSerializer() {
    return new GeneratorSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<List<GeneratorSplit>> getEnumeratorCheckpointSerializer() {
    return new SplitListSerializer<>(getSplitSerializer());
  }
}
