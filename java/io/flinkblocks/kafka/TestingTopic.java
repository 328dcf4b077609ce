package io.flinkblocks.kafka;

import io.flinkblocks.source.TestingEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** An input topic that a test fills with events, and the ids of those it sent. */
public final class TestingTopic {
  /** How far out of order the events are at most. */
  public static final long BOUND_MS = 5_000;

  private final TestingBroker broker;
  private final KafkaProducer<byte[], byte[]> producer;
  private final String name;
  private final List<String> ids = new ArrayList<>();

  /** A topic that is not created yet. */
  public TestingTopic(TestingBroker broker, KafkaProducer<byte[], byte[]> producer, String name) {
    this.broker = broker;
    this.producer = producer;
    this.name = name;
  }

  /** Creates it. */
  public void create(int partitions) {
    broker.createTopic(name, partitions);
  }

  /** Sends one event and waits until the broker has it. */
  public void send(int partition, String id, long timestamp) {
    byte[] value = TestingEvents.bytes(id, timestamp);
    TestingBroker.get(producer.send(new ProducerRecord<>(name, partition, null, value)));
    ids.add(id);
  }

  /** Sends numbered events that are 100 ms apart, out of order by up to the bound. */
  public void sendMany(int partition, int from, int to, long start) {
    Random random = new Random(partition);
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (int i = from; i < to; i++) {
      String id = partition + "-" + i;
      long at = start + i * 100L - random.nextInt((int) BOUND_MS + 1);
      byte[] value = TestingEvents.bytes(id, at);
      sent.add(producer.send(new ProducerRecord<>(name, partition, null, value)));
      ids.add(id);
    }
    sent.forEach(TestingBroker::get);
  }

  /** What was sent, in its order. */
  public List<String> ids() {
    return List.copyOf(ids);
  }
}
