package io.flinkblocks.generator;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.kafka.KafkaProperties;
import io.flinkblocks.kafka.Topics;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic; a user's events go to one partition, in their order. */
final class KafkaTarget extends Target {
  private static final int GIVE_UP_MS = 30_000;
  private static final int LINGER_MS = 20;
  private static final int BATCH_BYTES = 1 << 17;

  private final KafkaProperties kafka;
  private final String topic;
  private final KafkaProducer<byte[], byte[]> producer;
  // Written by the producer's thread.
  private volatile Exception failure;

  /**
   * @throws UserError when the cluster cannot be reached or the topic not be created
   */
  KafkaTarget(Settings settings) {
    kafka = KafkaProperties.of(settings);
    topic = Topics.prepareInput(settings);
    Properties properties = kafka.toProperties();
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MS);
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, GIVE_UP_MS);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, GIVE_UP_MS);
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, GIVE_UP_MS / 2);
    producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  void write(ShopTraffic traffic) {
    check();
    try {
      producer.send(
          new ProducerRecord<>(topic, traffic.userId(), traffic.value()),
          (place, e) -> failure = e == null ? failure : e);
    } catch (KafkaException e) {
      throw failed(e);
    }
  }

  @Override
  void flush() {
    // The producer sends by itself, LINGER_MS later at the latest.
    check();
  }

  @Override
  void finish() {
    producer.flush();
    check();
  }

  private void check() {
    if (failure != null) {
      throw failed(failure);
    }
  }

  private UserError failed(Exception e) {
    return new UserError(
        "writing to the topic " + topic + " failed: " + kafka.mask(String.valueOf(e.getMessage())),
        "see that the broker runs and that this user may write to the topic; part of the events"
            + " are in the topic",
        e);
  }

  @Override
  public void close() {
    // After an error nobody waits for what is still to be sent.
    producer.close(Duration.ZERO);
  }

  @Override
  public String toString() {
    return "topic " + topic + " at " + kafka.servers();
  }
}
