package io.flinkblocks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TopicsTest {
  private static final List<String> OUTPUTS =
      List.of("revenue-metrics", "late-events", "dead-letter");

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
  void outputsGetThePrefixAndDeadLettersTheInputsName() {
    assertEquals(
        Map.of(
            "revenue-metrics", "dev.revenue-metrics",
            "late-events", "dev.late-events",
            "dead-letter", "dev.events-dlq"),
        Topics.ofOutputs(OUTPUTS, settings("dev.", "events")));
    assertEquals("dev.events", Topics.input(settings("dev.", "events")));
  }

  @Test
  void namesThatKafkaRefusesAreRefused() {
    for (String name : List.of("a b", "a/b", "\u00e4", "", "x".repeat(250), ".", "..")) {
      assertRefused(() -> Topics.input(settings("", name)), "no legal Kafka topic name");
    }
    assertRefused(() -> Topics.ofOutputs(OUTPUTS, settings("", "x".repeat(248))), "-dlq\"");
    assertRefused(() -> Topics.ofOutputs(OUTPUTS, settings("", "late-events")), "input and output");
  }

  @Test
  void createsWhatIsMissingWithAppendTimeAndAcceptsItAgain() {
    Settings settings = settings("new.", "events");
    Topics.prepareOutputs(OUTPUTS, settings);
    Map<String, String> topics = Topics.prepareOutputs(OUTPUTS, settings);
    for (TopicDescription topic :
        TestingBroker.get(broker.admin().describeTopics(topics.values()).allTopicNames())
            .values()) {
      assertEquals(3, topic.partitions().size());
      assertEquals("LogAppendTime", timestampType(topic.name()));
    }
    assertTrue(topics.containsValue("new.events-dlq"));
  }

  @Test
  void manyMayCreateAtOnce() throws Exception {
    Callable<Map<String, String>> prepare =
        () -> Topics.prepareOutputs(OUTPUTS, settings("race.", "events"));
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      List<Future<Map<String, String>>> results = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        results.add(threads.submit(prepare));
      }
      for (Future<Map<String, String>> result : results) {
        assertEquals("race.late-events", result.get().get("late-events"));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void anOutputTopicWithCreateTimeIsRefusedAndTheCureCures() {
    broker.createTopic("old.late-events", 1);
    Settings settings = settings("old.", "events");
    UserError error =
        assertRefused(
            () -> Topics.prepareOutputs(OUTPUTS, settings),
            "the output topic old.late-events has message.timestamp.type=CreateTime");
    assertEquals(
        "run: kafka-configs --bootstrap-server "
            + broker.servers()
            + " --alter --entity-type topics --entity-name old.late-events"
            + " --add-config message.timestamp.type=LogAppendTime",
        error.cure());
    // What that command does.
    TestingBroker.get(
        broker
            .admin()
            .incrementalAlterConfigs(
                Map.of(
                    new ConfigResource(ConfigResource.Type.TOPIC, "old.late-events"),
                    List.of(
                        new AlterConfigOp(
                            new ConfigEntry("message.timestamp.type", "LogAppendTime"),
                            AlterConfigOp.OpType.SET))))
            .all());
    Topics.prepareOutputs(OUTPUTS, settings);
  }

  @Test
  void theInputMustExistAndItsTimestampsDoNotMatter() {
    Settings settings = settings("in.", "events");
    UserError error = assertRefused(() -> Topics.requireInput(settings), "in.events");
    assertTrue(error.cure().contains("kafka-topics"), error.cure());
    broker.createTopic("in.events", 5);
    assertEquals(5, Topics.requireInput(settings));
    assertEquals("in.events", Topics.prepareInput(settings));
    assertEquals("in.made", Topics.prepareInput(settings("in.", "made")));
    assertEquals(3, Topics.requireInput(settings("in.", "made")));
    assertEquals("LogAppendTime", timestampType("in.made"));
  }

  private static String timestampType(String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return TestingBroker.get(broker.admin().describeConfigs(List.of(resource)).all())
        .get(resource)
        .get("message.timestamp.type")
        .value();
  }

  private static UserError assertRefused(Runnable call, String part) {
    UserError error = assertThrows(UserError.class, call::run);
    assertTrue(error.getMessage().contains(part), error.getMessage());
    return error;
  }

  private static Settings settings(String prefix, String topic) {
    return Settings.of(
        Map.of(
            "kafka-servers",
            broker.servers(),
            "kafka-topic",
            topic,
            "topic-prefix",
            prefix,
            "kafka-partitions",
            "3"));
  }
}
