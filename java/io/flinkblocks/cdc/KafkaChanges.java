package io.flinkblocks.cdc;

import io.flinkblocks.config.Settings;
import io.flinkblocks.kafka.ChangeTopics;
import io.flinkblocks.kafka.KafkaProperties;
import io.flinkblocks.kafka.RecordOrigin;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The stock source over the tables' topics, which has each record parsed. */
final class KafkaChanges {
  /** Uid and name of the step; state is found by it. */
  static final String UID = "source";

  private final KafkaSource<ChangeRecord> source;
  private final int topics;

  private KafkaChanges(KafkaSource<ChangeRecord> source, int topics) {
    this.source = source;
    this.topics = topics;
  }

  static KafkaChanges endless(Settings settings) {
    return new KafkaChanges(builder(settings).build(), ChangeTopics.of(settings).size());
  }

  /** The same up to where the topics end when the job starts. */
  static KafkaChanges untilNow(Settings settings) {
    return new KafkaChanges(
        builder(settings).setBounded(OffsetsInitializer.latest()).build(),
        ChangeTopics.of(settings).size());
  }

  private static KafkaSourceBuilder<ChangeRecord> builder(Settings settings) {
    List<String> topics = ChangeTopics.of(settings);
    return KafkaSource.<ChangeRecord>builder()
        .setProperties(KafkaProperties.ofReader(settings))
        // A table's topic keeps its one partition.
        .setProperty(KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(), "-1")
        .setTopics(topics)
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setDeserializer(new Parsing());
  }

  /** The source as a step of a job, with the watermarks of the changes' times. */
  DataStream<ChangeRecord> open(StreamExecutionEnvironment env, Settings settings) {
    WatermarkStrategy<ChangeRecord> watermarks =
        WatermarkStrategy.<ChangeRecord>forBoundedOutOfOrderness(
                Duration.ofMillis(settings.millis("max-out-of-orderness")))
            // What is no change has no event time, and moves no watermark.
            .withTimestampAssigner((record, appended) -> ChangeLines.timeOf(record))
            .withIdleness(Duration.ofMillis(settings.millis("idle-timeout")));
    return env.fromSource(source, watermarks, UID, ChangeRecord.TYPE)
        .setParallelism(Math.min(env.getParallelism(), topics))
        .uid(UID);
  }

  /** From a record of Kafka to a change. */
  private static final class Parsing implements KafkaRecordDeserializationSchema<ChangeRecord> {
    private static final long serialVersionUID = 1;

    private transient ChangeParser parser;

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
      parser = new ChangeParser();
    }

    @Override
    public void deserialize(
        ConsumerRecord<byte[], byte[]> record, Collector<ChangeRecord> collector) {
      ChangeRecord parsed = parser.parse(record.key(), record.value(), null);
      collector.collect(
          parsed instanceof Refused refused
              ? new Refused(refused.letter().from(RecordOrigin.of(record)))
              : parsed);
    }

    @Override
    public TypeInformation<ChangeRecord> getProducedType() {
      return ChangeRecord.TYPE;
    }
  }
}
