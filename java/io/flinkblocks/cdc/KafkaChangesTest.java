package io.flinkblocks.cdc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.event.DeadLetter.Origin;
import io.flinkblocks.kafka.TestingBroker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The changes in topics of a real broker. */
class KafkaChangesTest {
  private static TestingBroker broker;
  private static KafkaProducer<byte[], byte[]> producer;

  private final Map<String, String> settings = new HashMap<>();
  private String users;
  private String orders;

  @BeforeAll
  static void start() {
    broker = TestingBroker.start();
    producer = broker.producer();
  }

  @AfterAll
  static void stop() {
    producer.close();
    broker.close();
  }

  @BeforeEach
  void setUp(TestInfo test) {
    String name = test.getTestMethod().orElseThrow().getName();
    users = name + ".public.users";
    orders = name + ".public.orders";
    settings.put("app-name", "testing");
    settings.put("block", name);
    settings.put("kafka-servers", broker.servers());
    settings.put("change-topics", users + "," + orders);
    settings.put("max-out-of-orderness", "5000");
    settings.put("idle-timeout", "30000");
  }

  private Settings settings() {
    return Settings.of(settings);
  }

  private static StreamExecutionEnvironment environment() {
    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    return StreamExecutionEnvironment.createLocalEnvironment(4, configuration);
  }

  private static void send(String topic, Change change) {
    byte[] value = TestingChanges.envelope(change).getBytes(UTF_8);
    TestingBroker.get(producer.send(new ProducerRecord<>(topic, change.key(), value)));
  }

  @Test
  void everyTableIsReadFromItsBeginning() throws Exception {
    broker.createTopic(users, 1);
    broker.createTopic(orders, 1);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Change user = TestingChanges.create("users", i, TestingChanges.row(i, "u"), 2 * i + 1);
      Change order = TestingChanges.create("orders", i, TestingChanges.row(i, "o"), 2 * i + 2);
      send(users, user);
      send(orders, order);
      expected.add(user.toString());
      expected.add(order.toString());
    }
    Change deleted = TestingChanges.delete("users", 7, TestingChanges.row(7, "u"), 1_000);
    send(users, deleted);
    TestingBroker.get(producer.send(new ProducerRecord<>(users, deleted.key(), null)));
    expected.add(deleted.toString());

    StreamExecutionEnvironment env = environment();
    List<Change> rows =
        Changes.of(KafkaChanges.untilNow(settings()).open(env, settings()))
            .rows()
            .executeAndCollect(1_000);
    assertEquals(
        expected.stream().sorted().toList(), rows.stream().map(Change::toString).sorted().toList());
  }

  @Test
  void deadLettersHaveTheirOrigin() throws Exception {
    broker.createTopic(users, 1);
    broker.createTopic(orders, 1);
    byte[] key = TestingChanges.key(1);
    ProducerRecord<byte[], byte[]> broken =
        new ProducerRecord<>(users, key, new byte[] {'{', (byte) 0xff});
    broken.headers().add("h", new byte[] {1});
    TestingBroker.get(producer.send(broken));

    List<ChangeRecord> records =
        KafkaChanges.untilNow(settings()).open(environment(), settings()).executeAndCollect(10);
    assertEquals(1, records.size());
    Refused refused = (Refused) records.get(0);
    assertArrayEquals(broken.value(), refused.letter().value());
    Origin origin = refused.letter().origin();
    assertEquals(users, origin.topic());
    assertEquals(0, origin.offset());
    assertArrayEquals(key, origin.key());
    assertEquals("h", origin.headers().get(0).name());
  }

  @Test
  void offsetsAreCommittedWithCheckpoints() throws Exception {
    broker.createTopic(users, 1);
    broker.createTopic(orders, 1);
    for (int i = 1; i <= 10; i++) {
      send(users, TestingChanges.create("users", i, TestingChanges.row(i, "u"), i));
    }
    StreamExecutionEnvironment env = environment();
    env.enableCheckpointing(50);
    Changes.open(env, settings()).rows().sinkTo(new DiscardingSink<>()).uid("sink");
    JobClient job = env.executeAsync("commits");
    TopicPartition partition = new TopicPartition(users, 0);
    OffsetAndMetadata committed = null;
    while (committed == null || committed.offset() < 10) {
      committed =
          TestingBroker.get(
                  broker
                      .admin()
                      .listConsumerGroupOffsets("testing-" + settings.get("block"))
                      .partitionsToOffsetAndMetadata())
              .get(partition);
    }
    job.cancel().get();
    assertEquals(10, committed.offset());
  }

  @Test
  void topicWithoutOrderIsRefused() {
    broker.createTopic(users, 2);
    broker.createTopic(orders, 1);
    UserError error = assertThrows(UserError.class, () -> Changes.open(environment(), settings()));
    assertTrue(error.getMessage().contains(users + " has 2 partitions"), error.getMessage());
  }

  @Test
  void missingTopicIsNamedWithACure() {
    broker.createTopic(users, 1);
    UserError error = assertThrows(UserError.class, () -> Changes.open(environment(), settings()));
    assertTrue(error.getMessage().contains(orders + " does not exist"), error.getMessage());
    assertTrue(error.cure().contains("--partitions 1"), error.cure());
  }
}
