package io.flinkblocks.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class TestingBrokerTest {
  @Test
  void showsCommittedRecordsAndTellsOfOpenTransactions() {
    try (TestingBroker broker = TestingBroker.start()) {
      broker.createTopic("t", 2, "message.timestamp.type", "LogAppendTime");
      try (KafkaProducer<byte[], byte[]> producer = transactional(broker)) {
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("t", 1, null, "committed".getBytes(UTF_8)));
        producer.commitTransaction();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("t", 0, null, "open".getBytes(UTF_8)));
        producer.flush();
        assertThrows(IllegalStateException.class, () -> broker.committed("t"));
        producer.abortTransaction();
      }
      assertEquals(
          List.of("committed"),
          broker.committed("t").stream().map(r -> new String(r.value(), UTF_8)).toList());
    }
  }

  private static KafkaProducer<byte[], byte[]> transactional(TestingBroker broker) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.servers(), "transactional.id", "testing"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
