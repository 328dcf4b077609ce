package io.flinkblocks.kafka;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.event.SourceRecord;
import io.flinkblocks.source.SplitEmitter;
import io.flinkblocks.source.SplitIdleness;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumStateSerializer;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumerator;
import org.apache.flink.connector.kafka.source.enumerator.initializer.NoStoppingOffsetsInitializer;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.enumerator.subscriber.KafkaSubscriber;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Events from a Kafka topic.
 *
 * <p>The stock connector finds partitions, fetches and commits offsets; the reader's last step is
 * our own: it parses, and emits each partition's watermark from its events (see {@link
 * SplitEmitter}). A partition's offset and event time are one state. A job that does not resume
 * starts at the group's committed offsets, where there are none at the earliest.
 */
public final class KafkaEventSource
    implements Source<SourceRecord, KafkaPartitionSplit, KafkaSourceEnumState> {
  /** Uid and name of the step; state is found by it. */
  public static final String UID = "source";

  private static final long serialVersionUID = 1;

  private final KafkaSubscriber topics;
  private final OffsetsInitializer start;
  private final OffsetsInitializer end;
  private final Boundedness boundedness;
  private final Properties properties;
  private final long maxOutOfOrderness;
  private final long maxFuture;

  private KafkaEventSource(Settings settings, Boundedness boundedness) {
    this.topics = KafkaSubscriber.getTopicListSubscriber(List.of(Topics.input(settings)));
    // Position and state belong together: a run that resumes has its position in the savepoint,
    // one that does not starts anew. From the group's committed offsets, which are there for
    // monitoring, the windows open at the stop would get their second half alone, and replace right
    // results by wrong ones.
    this.start = OffsetsInitializer.earliest();
    this.end =
        boundedness == Boundedness.BOUNDED
            ? OffsetsInitializer.latest()
            : new NoStoppingOffsetsInitializer();
    this.boundedness = boundedness;
    this.properties = properties(settings, boundedness);
    this.maxOutOfOrderness = settings.millis("max-out-of-orderness");
    this.maxFuture = settings.millis("max-future");
  }

  private static Properties properties(Settings settings, Boundedness boundedness) {
    Properties properties = KafkaProperties.ofReader(settings);
    // What is bounded must not look for more partitions, or it would never end.
    String discovery =
        boundedness == Boundedness.BOUNDED ? "-1" : settings.text("partition-discovery");
    properties.setProperty(KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(), discovery);
    return properties;
  }

  /** The source of {@code --kafka-topic}, without end. */
  public static KafkaEventSource of(Settings settings) {
    return new KafkaEventSource(settings, Boundedness.CONTINUOUS_UNBOUNDED);
  }

  /** The same up to where the partitions end when the job starts; later ones are not looked for. */
  public static KafkaEventSource untilNow(Settings settings) {
    return new KafkaEventSource(settings, Boundedness.BOUNDED);
  }

  /**
   * The records of {@code --kafka-topic}.
   *
   * @throws UserError when the topic does not exist or the broker cannot be asked
   */
  public static DataStream<SourceRecord> stream(StreamExecutionEnvironment env, Settings settings) {
    return of(settings).open(env, settings);
  }

  /** The source as a step of a job; fails as {@link #stream} does. */
  DataStream<SourceRecord> open(StreamExecutionEnvironment env, Settings settings) {
    // A reader without a partition has no watermark: until it is found idle, it would hold up all
    // windows. Partitions that are added later go to the readers there are.
    int parallelism = Math.min(env.getParallelism(), Topics.requireInput(settings));
    Duration timeout = Duration.ofMillis(settings.millis("idle-timeout"));
    WatermarkStrategy<SourceRecord> idleness = SplitIdleness.after(timeout);
    return env.fromSource(this, idleness, UID, SourceRecord.TYPE)
        .setParallelism(parallelism)
        .uid(UID);
  }

  @Override
  public Boundedness getBoundedness() {
    return boundedness;
  }

  @Override
  public SourceReader<SourceRecord, KafkaPartitionSplit> createReader(SourceReaderContext context) {
    return KafkaEventReader.of(properties, context, new SplitEmitter(maxOutOfOrderness), maxFuture);
  }

  @Override
  public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> createEnumerator(
      SplitEnumeratorContext<KafkaPartitionSplit> context) {
    return new KafkaSourceEnumerator(topics, start, end, properties, context, boundedness);
  }

  @Override
  public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> restoreEnumerator(
      SplitEnumeratorContext<KafkaPartitionSplit> context, KafkaSourceEnumState state) {
    return new KafkaSourceEnumerator(topics, start, end, properties, context, boundedness, state);
  }

  @Override
  public SimpleVersionedSerializer<KafkaPartitionSplit> getSplitSerializer() {
    return new KafkaEventSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<KafkaSourceEnumState> getEnumeratorCheckpointSerializer() {
    return new KafkaSourceEnumStateSerializer();
  }
}
