package io.flinkblocks.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.event.DeadLetter;
import io.flinkblocks.event.Event;
import io.flinkblocks.event.SourceRecord;
import io.flinkblocks.source.TestingEvents;
import io.flinkblocks.source.TestingRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The source in an embedded cluster, reading from a real broker. */
class KafkaEventSourceTest {
  private static final long START = 1_700_000_000_000L;

  private static TestingBroker broker;
  private static KafkaProducer<byte[], byte[]> producer;

  @TempDir Path folder;
  private String name;
  private TestingTopic topic;
  private TestingRun run;
  private final Map<String, String> settings = new HashMap<>();

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
    name = test.getTestMethod().orElseThrow().getName();
    topic = new TestingTopic(broker, producer, name);
    run = TestingRun.of(name, folder);
    settings.put("app-name", "testing");
    settings.put("block", name);
    settings.put("kafka-servers", broker.servers());
    settings.put("kafka-topic", name);
    settings.put("max-out-of-orderness", Long.toString(TestingTopic.BOUND_MS));
    settings.put("max-future", "3600000");
    settings.put("idle-timeout", "600000");
    settings.put("partition-discovery", "200");
  }

  private Settings settings() {
    return Settings.of(settings);
  }

  private StreamExecutionEnvironment job(int parallelism, KafkaEventSource source) {
    StreamExecutionEnvironment env = run.environment(parallelism);
    DataStream<SourceRecord> stream = source.open(env, settings());
    run.attach(stream);
    return env;
  }

  private JobClient start(int parallelism) throws Exception {
    return job(parallelism, KafkaEventSource.of(settings())).executeAsync();
  }

  private void assertSeenOnceAndInTime() {
    assertEquals(topic.ids().stream().sorted().toList(), run.seen().stream().sorted().toList());
  }

  @Test
  void partitionsFarApartMakeNoEventLate() throws Exception {
    topic.create(3);
    for (int partition = 0; partition < 3; partition++) {
      topic.sendMany(partition, 0, 2_000, START + partition * 100_000_000L);
    }
    for (int parallelism : new int[] {1, 2, 4}) {
      Map<String, Long> accounting =
          run.toEnd(job(parallelism, KafkaEventSource.untilNow(settings())));

      assertSeenOnceAndInTime();
      assertEquals(Map.of("read", 6_000L, "valid", 6_000L), accounting);
    }
  }

  @Test
  void noMoreReadersThanPartitions() {
    topic.create(3);
    StreamExecutionEnvironment env = run.environment(8);

    assertEquals(3, KafkaEventSource.stream(env, settings()).getParallelism());
  }

  @Test
  void deadLettersHaveTheirOrigin() throws Exception {
    topic.create(1);
    ProducerRecord<byte[], byte[]> broken =
        new ProducerRecord<>(name, 0, "k".getBytes(UTF_8), "{".getBytes(UTF_8));
    broken.headers().add("h", new byte[] {1});
    producer.send(broken);
    producer.send(new ProducerRecord<>(name, 0, null, null));
    topic.send(0, "e", START);
    topic.send(0, "future", System.currentTimeMillis() + 7_200_000);

    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
    List<SourceRecord> records =
        KafkaEventSource.untilNow(settings()).open(env, settings()).executeAndCollect(10);

    DeadLetter letter = (DeadLetter) records.get(0);
    assertEquals(name, letter.origin().topic());
    assertEquals(0, letter.origin().offset());
    assertArrayEquals("k".getBytes(UTF_8), letter.origin().key());
    assertEquals("h", letter.origin().headers().get(0).name());
    assertEquals(DeadLetter.Reason.EMPTY_RECORD, ((DeadLetter) records.get(1)).reason());
    assertEquals("e", ((Event) records.get(2)).eventId());
    assertEquals(DeadLetter.Reason.TIMESTAMP_IN_FUTURE, ((DeadLetter) records.get(3)).reason());
    assertEquals(4, records.size());
  }

  @Test
  void idlePartitionDoesNotHoldTheWatermarkBackUntilItReturns() throws Exception {
    settings.put("idle-timeout", "300");
    topic.create(2);
    JobClient job = start(2);
    topic.sendMany(0, 0, 100, START);
    run.awaitWatermark(START);

    // It comes back behind the watermark: its events are late, and from there it counts again.
    topic.send(1, "returns", START - 100_000);
    run.awaitEvents(101);
    job.cancel().get();
    assertTrue(run.seen().contains("late returns"), run.seen()::toString);
  }

  @Test
  void partitionAddedInMidRunIsReadFromItsStart() throws Exception {
    topic.create(2);
    JobClient job = start(2);
    topic.sendMany(0, 0, 50, START);
    topic.sendMany(1, 0, 50, START);
    run.awaitEvents(100);

    broker.growTopic(name, 4);
    // The new ones hold the watermark back, from when they are found.
    topic.sendMany(2, 50, 100, START);
    topic.sendMany(3, 50, 100, START);
    run.awaitEvents(200);
    job.cancel().get();
    assertSeenOnceAndInTime();
  }

  @Test
  void savepointGoesOnExactlyWithAnotherParallelism() throws Exception {
    topic.create(3);
    for (int partition = 0; partition < 3; partition++) {
      topic.sendMany(partition, 0, 1_000, START + partition * 100_000_000L);
    }
    int[] parallelisms = {1, 3, 2};
    for (int i = 0; i < 2; i++) {
      run.slowAfter(300);
      run.stopWithSavepoint(start(parallelisms[i]));
    }
    JobClient job = start(parallelisms[2]);
    for (int partition = 0; partition < 3; partition++) {
      topic.sendMany(partition, 1_000, 1_500, START + partition * 100_000_000L);
    }
    run.awaitEvents(4_500);
    job.cancel().get();
    assertSeenOnceAndInTime();
  }

  @Test
  void restoredWatermarkComesWithoutARecord() throws Exception {
    topic.create(2);
    run.slowAfter(100);
    JobClient job = start(1);
    topic.sendMany(0, 0, 100, START);
    topic.sendMany(1, 0, 100, START);
    run.awaitEvents(200);
    long watermark = run.watermark();
    assertTrue(watermark > START - 2 * TestingTopic.BOUND_MS);
    run.stopWithSavepoint(job);

    JobClient resumed = start(2);
    run.awaitWatermark(watermark);
    resumed.cancel().get();
    assertEquals(200, run.seen().size());
  }

  @Test
  void failureInTheMiddleLosesAndDoublesNothing() throws Exception {
    topic.create(3);
    for (int partition = 0; partition < 3; partition++) {
      topic.sendMany(partition, 0, 1_000, START);
    }
    run.failingAfter(200);
    Map<String, Long> accounting = run.toEnd(job(2, KafkaEventSource.untilNow(settings())));

    assertSeenOnceAndInTime();
    assertEquals(Map.of("read", 3_000L, "valid", 3_000L), accounting);
  }

  @Test
  void onlyCommittedTransactionsAreRead() throws Exception {
    topic.create(1);
    JobClient job = start(1);
    try (KafkaProducer<byte[], byte[]> transactional = transactional()) {
      transactional.initTransactions();
      for (String outcome : List.of("committed", "aborted", "later")) {
        transactional.beginTransaction();
        for (int i = 0; i < 10; i++) {
          byte[] value = TestingEvents.bytes(outcome + i, START);
          transactional.send(new ProducerRecord<>(name, 0, null, value));
        }
        transactional.flush();
        if (outcome.equals("aborted")) {
          transactional.abortTransaction();
        } else {
          transactional.commitTransaction();
        }
      }
      run.awaitEvents(20);
    }
    job.cancel().get();
    List<String> expected = new ArrayList<>();
    for (String outcome : List.of("committed", "later")) {
      IntStream.range(0, 10).forEach(i -> expected.add(outcome + i));
    }
    assertEquals(expected, run.seen());
  }

  private KafkaProducer<byte[], byte[]> transactional() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.servers(), "transactional.id", name),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  @Test
  void jobWithoutSavepointStartsAtTheBeginningWhateverTheGroupCommitted() throws Exception {
    topic.create(1);
    topic.sendMany(0, 0, 10, START);
    TestingBroker.get(
        broker
            .admin()
            .alterConsumerGroupOffsets(
                "testing-" + name, Map.of(new TopicPartition(name, 0), new OffsetAndMetadata(4)))
            .all());
    run.toEnd(job(1, KafkaEventSource.untilNow(settings())));

    assertEquals(topic.ids(), run.seen());
  }

  @Test
  void offsetsAreCommittedWithCheckpoints() throws Exception {
    topic.create(1);
    topic.sendMany(0, 0, 10, START);
    JobClient job = start(1);
    TopicPartition partition = new TopicPartition(name, 0);
    OffsetAndMetadata committed = null;
    while (committed == null || committed.offset() < 10) {
      committed =
          TestingBroker.get(
                  broker
                      .admin()
                      .listConsumerGroupOffsets("testing-" + name)
                      .partitionsToOffsetAndMetadata())
              .get(partition);
    }
    job.cancel().get();
    assertEquals(10, committed.offset());
  }

  @Test
  void logsInWithTheClientConfig() throws Exception {
    topic.create(1);
    topic.sendMany(0, 0, 10, START);
    Path file = folder.resolve("client.properties");
    Files.writeString(
        file,
        String.format(
            "security.protocol=SASL_PLAINTEXT%nsasl.mechanism=PLAIN%nsasl.jaas.config="
                + "org.apache.kafka.common.security.plain.PlainLoginModule required"
                + " username=\"%s\" password=\"%s\";%n",
            TestingBroker.USER, TestingBroker.PASSWORD));
    settings.put("kafka-servers", broker.saslServers());
    settings.put("kafka-config", file.toString());
    run.toEnd(job(1, KafkaEventSource.untilNow(settings())));

    assertSeenOnceAndInTime();
  }

  @Test
  void missingTopicIsNamedWithACure() {
    StreamExecutionEnvironment env = run.environment(1);
    UserError error = assertThrows(UserError.class, () -> KafkaEventSource.stream(env, settings()));

    assertTrue(error.getMessage().contains("the input topic " + name + " does not exist"));
    assertTrue(error.cure().contains("--kafka-topic"), error.cure());
  }
}
