package io.flinkblocks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.DeadLetter.Header;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.sink.TestingProcess;
import io.flinkblocks.sink.TestingRecords;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaOutputTest {
  private static TestingBroker broker;

  @TempDir private Path temp;

  @BeforeAll
  static void startBroker() {
    broker = TestingBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void failuresLoseAndDoubleNothingAndLeaveNoTransactionOpen() throws Exception {
    long count = 3000;
    Settings settings = settings(broker.servers(), "failures.");
    StreamExecutionEnvironment env = TestingRecords.environment(2, temp.toString());
    KafkaOutput.write(TestingRecords.stream(env, count), TestingRecords.OUTPUTS, settings);
    TestingRecords.injectFaults();
    Set<Thread> before = adminClients();
    JobExecutionResult result = env.execute("kafka");
    assertTrue(TestingRecords.faultsHappened());
    Set<Thread> left = adminClients();
    left.removeAll(before);
    assertEquals(Set.of(), left, "three starts of the sink, and no admin client of theirs stays");
    assertAllThere("failures.", count);
    assertEquals(
        TestingRecords.of(OutputRecord.LATE_EVENTS, count).size(),
        (Long) result.getAccumulatorResult("accounting.output.late-events"));
    ConsumerRecord<byte[], byte[]> any = broker.committed("failures.late-events").get(0);
    assertEquals(TimestampType.LOG_APPEND_TIME, any.timestampType());
    for (TransactionListing transaction :
        TestingBroker.get(broker.admin().listTransactions().all())) {
      assertTrue(transaction.transactionalId().startsWith("app-shop:"), "an id of ours");
    }
  }

  private static Set<Thread> adminClients() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(thread -> !thread.getName().startsWith("kafka-admin-client-thread"));
    return threads;
  }

  /** Killed twice without warning, resumed with more and with fewer subtasks. */
  @Test
  void killsAndRescalingLoseAndDoubleNothing() throws Exception {
    long count = 15_000;
    Path checkpoints = temp.resolve("checkpoints");
    for (int parallelism : List.of(2, 3)) {
      long before = committed("killed.", TestingRecords.RESULTS);
      Process job = start(count, parallelism, checkpoints);
      TestingProcess.await(job, () -> committed("killed.", TestingRecords.RESULTS) > before + 500);
      job.destroyForcibly().waitFor();
      assertOutputsAtOneCheckpoint("killed.", count);
    }
    Process job = start(count, 1, checkpoints);
    assertEquals(0, job.waitFor());
    assertAllThere("killed.", count);
  }

  /** The job of this test in a process of its own. */
  static final class Job {
    /** Takes servers, count, parallelism, the checkpoints' folder. */
    public static void main(String[] args) throws Exception {
      StreamExecutionEnvironment env =
          TestingRecords.environment(Integer.parseInt(args[2]), args[3]);
      TestingProcess.latestCheckpoint(Path.of(args[3]))
          .ifPresent(path -> TestingRecords.resume(env, path));
      KafkaOutput.write(
          TestingRecords.stream(env, Long.parseLong(args[1])),
          TestingRecords.OUTPUTS,
          settings(args[0], "killed."));
      env.execute("killed");
    }
  }

  private static Process start(long count, int parallelism, Path checkpoints) throws IOException {
    return TestingProcess.start(
        Job.class,
        broker.servers(),
        Long.toString(count),
        Integer.toString(parallelism),
        checkpoints.toString());
  }

  private static long committed(String prefix, String output) {
    String topic = prefix + output;
    return TestingBroker.get(broker.admin().listTopics().names()).contains(topic)
        ? broker.committedSoFar(topic).size()
        : 0;
  }

  private static Settings settings(String servers, String prefix) {
    Map<String, String> values = new HashMap<>();
    values.put("app-name", "app");
    values.put("block", "shop");
    values.put("kafka-servers", servers);
    values.put("kafka-topic", "events");
    values.put("topic-prefix", prefix);
    values.put("kafka-partitions", "3");
    values.put("checkpoint-interval", "100");
    return Settings.of(values);
  }

  /**
   * The committed records of all outputs together are the beginning of each of the source's two
   * ranges, without a gap: no output is behind another.
   */
  private static void assertOutputsAtOneCheckpoint(String prefix, long count) {
    ListTransactionsOptions committing =
        new ListTransactionsOptions().filterStates(Set.of(TransactionState.PREPARE_COMMIT));
    while (!TestingBroker.get(broker.admin().listTransactions(committing).all()).isEmpty()) {
      Thread.onSpinWait();
    }
    TreeSet<Long> numbers = new TreeSet<>();
    for (String output : TestingRecords.OUTPUTS) {
      for (ConsumerRecord<byte[], byte[]> record : broker.committedSoFar(topic(prefix, output))) {
        TestingRecords.number(OutputRecord.of(output, null, record.value()))
            .ifPresent(numbers::add);
      }
    }
    for (long start : List.of(0L, count / 2)) {
      NavigableSet<Long> range = numbers.subSet(start, true, start + count / 2, false);
      List<Long> expected =
          LongStream.rangeClosed(start, range.last())
              .boxed()
              .filter(TestingRecords::hasNumber)
              .toList();
      assertEquals(expected, List.copyOf(range));
    }
  }

  private static String topic(String prefix, String output) {
    return prefix + (output.equals(OutputRecord.DEAD_LETTER) ? "events-dlq" : output);
  }

  /** Keys, values and headers are compared as they are, the order of records is not. */
  private static void assertAllThere(String prefix, long count) {
    for (String output : TestingRecords.OUTPUTS) {
      Map<String, Integer> found = new TreeMap<>();
      for (ConsumerRecord<byte[], byte[]> record : broker.committed(topic(prefix, output))) {
        List<Header> headers = new ArrayList<>();
        record.headers().forEach(h -> headers.add(new Header(h.key(), h.value())));
        found.merge(
            text(new OutputRecord(output, record.key(), record.value(), headers)), 1, Integer::sum);
      }
      Map<String, Integer> expected = new TreeMap<>();
      TestingRecords.of(output, count).forEach(r -> expected.merge(text(r), 1, Integer::sum));
      assertEquals(expected, found);
    }
  }

  private static String text(OutputRecord record) {
    StringBuilder text = new StringBuilder(hex(record.key()) + " " + hex(record.value()));
    record.headers().forEach(h -> text.append(" " + h.name() + "=" + hex(h.value())));
    return text.toString();
  }

  private static String hex(byte[] bytes) {
    return bytes == null ? "null" : HexFormat.of().formatHex(bytes);
  }
}
