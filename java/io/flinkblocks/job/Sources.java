package io.flinkblocks.job;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.SourceRecord;
import io.flinkblocks.files.FileEventSource;
import io.flinkblocks.generator.GeneratorSource;
import io.flinkblocks.kafka.KafkaEventSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The input that a run's flags ask for. */
public final class Sources {
  /** {@code --input-path}, else {@code --kafka-servers}, else generated events. */
  public static DataStream<SourceRecord> open(StreamExecutionEnvironment env, Settings settings) {
    if (settings.find("input-path").isPresent()) {
      return FileEventSource.stream(env, settings);
    }
    if (settings.find("kafka-servers").isPresent()) {
      return KafkaEventSource.stream(env, settings);
    }
    return GeneratorSource.stream(env, settings);
  }

  private Sources() {}
}
