package io.flinkblocks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ChangeTopicsTest {
  private static TestingBroker broker;

  @BeforeAll
  static void startBroker() {
    broker = TestingBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void tablesTopicsKeepEverythingInOnePartition() {
    List<String> topics = List.of("new.users", "new.orders");
    ChangeTopics.create(topics, List.of("beside"), settings(Map.of()));
    ChangeTopics.create(topics, List.of("beside"), settings(Map.of()));
    TestingBroker.get(broker.admin().describeTopics(topics).allTopicNames())
        .values()
        .forEach(topic -> assertEquals(1, topic.partitions().size()));
    Config config = config("new.users");
    assertEquals("-1", config.get("retention.ms").value());
    assertEquals("-1", config.get("retention.bytes").value());
    assertEquals("33554432", config.get("max.message.bytes").value());
    assertEquals("86400000", config("beside").get("retention.ms").value());
  }

  private static Config config(String topic) {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return TestingBroker.get(broker.admin().describeConfigs(List.of(resource)).all()).get(resource);
  }

  @Test
  void aRunThatBeginsAnewNeedsTheBeginning() {
    broker.createTopic("cut", 1);
    try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
      for (int n = 0; n < 3; n++) {
        TestingBroker.get(producer.send(new ProducerRecord<>("cut", new byte[0])));
      }
    }
    Map<String, String> topics = Map.of("change-topics", "cut");
    assertEquals(List.of("cut"), ChangeTopics.require(settings(topics)));

    TopicPartition partition = new TopicPartition("cut", 0);
    TestingBroker.get(
        broker.admin().deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2))).all());
    UserError refused = assertThrows(UserError.class, () -> ChangeTopics.require(settings(topics)));
    assertTrue(refused.getMessage().contains("cut have been deleted"), refused.getMessage());

    Map<String, String> resumed = new HashMap<>(topics);
    resumed.put("from-savepoint", "/some/savepoint");
    assertEquals(List.of("cut"), ChangeTopics.require(settings(resumed)));
  }

  private static Settings settings(Map<String, String> more) {
    Map<String, String> values = new HashMap<>(more);
    values.put("kafka-servers", broker.servers());
    return Settings.of(values);
  }
}
