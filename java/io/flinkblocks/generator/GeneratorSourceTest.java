package io.flinkblocks.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.source.TestingRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The source in an embedded cluster. */
class GeneratorSourceTest {
  private static final int RECORDS = 6_000;
  private static final long PATIENCE_S = 120;

  @TempDir Path folder;
  private final Map<String, String> flags =
      new HashMap<>(
          Map.of(
              "records", Integer.toString(RECORDS),
              "seed", "7",
              "rate", "0",
              "max-out-of-orderness", "5000",
              "max-future", "3600000"));

  private Settings settings() {
    return Settings.of(flags);
  }

  private TestingRun run(String name) throws IOException {
    return TestingRun.of(name, Files.createDirectories(folder.resolve(name)));
  }

  private StreamExecutionEnvironment job(TestingRun run, int parallelism) {
    StreamExecutionEnvironment env = run.environment(parallelism);
    run.attach(GeneratorSource.stream(env, settings()));
    return env;
  }

  /** The ids of the valid events in the order of the stream; those labelled late with a mark. */
  private List<String> expected(int records) {
    ShopTraffic traffic = ShopTraffic.whole(TrafficOptions.of(settings()));
    List<String> ids = new ArrayList<>();
    while (traffic.next() < records) {
      traffic.advance();
      if (!(traffic.label() instanceof Label.Invalid)) {
        String id = TestingTraffic.event(traffic).eventId();
        ids.add(traffic.label() instanceof Label.Late ? "late " + id : id);
      }
    }
    return ids;
  }

  private static List<String> sorted(List<String> ids) {
    return ids.stream().sorted().toList();
  }

  /** Says where two lists part, rather than show both. */
  private static void assertSame(List<String> expected, List<String> seen) {
    for (int i = 0; i < Math.min(expected.size(), seen.size()); i++) {
      assertEquals(expected.get(i), seen.get(i), "at " + i);
    }
    assertEquals(expected.size(), seen.size());
  }

  /** Before every lane has a watermark, nothing can be late. */
  private static List<String> withoutEarlyMarks(List<String> ids) {
    List<String> unmarked = new ArrayList<>(ids);
    unmarked.subList(0, 100).replaceAll(id -> id.replace("late ", ""));
    return unmarked;
  }

  @Test
  void everyEventComesOnceAndNoneIsLateWhateverTheParallelism() throws Exception {
    for (int parallelism : new int[] {3, 20}) {
      TestingRun run = run("parallelism-" + parallelism);
      Map<String, Long> accounting = run.toEnd(job(run, parallelism));

      assertEquals(Map.of("read", (long) RECORDS, "valid", (long) RECORDS), accounting);
      assertSame(sorted(expected(RECORDS)), sorted(run.seen()));
    }
  }

  @Test
  void singleReaderKeepsTheOrderAndLabelledEventsAreLate() throws Exception {
    flags.put("late-events", "0.02");
    flags.put("invalid-records", "0.03");
    TestingRun run = run("labels");
    Map<String, Long> accounting = run.toEnd(job(run, 1));

    List<String> expected = expected(RECORDS);
    assertSame(withoutEarlyMarks(expected), withoutEarlyMarks(run.seen()));
    assertTrue(run.seen().stream().anyMatch(id -> id.startsWith("late ")));
    assertEquals(RECORDS, accounting.get("read"));
    assertEquals(RECORDS - expected.size(), accounting.get("dead-lettered"));
  }

  @Test
  void fewerRecordsThanLanes() throws Exception {
    flags.put("records", "5");
    TestingRun run = run("few");
    run.toEnd(job(run, 8));

    assertSame(sorted(expected(5)), sorted(run.seen()));
  }

  @Test
  void failureInTheMiddleLosesAndDoublesNothing() throws Exception {
    for (int parallelism : new int[] {1, 3}) {
      TestingRun run = run("failure-" + parallelism).failingAfter(700);
      run.toEnd(job(run, parallelism));

      assertSame(sorted(expected(RECORDS)), sorted(run.seen()));
    }
  }

  @Test
  void savepointGoesOnWithAnotherParallelismAndMoreRecords() throws Exception {
    TestingRun run = run("savepoint");
    int[] parallelisms = {1, 4, 2};
    for (int i = 0; i < 2; i++) {
      run.slowAfter(500);
      run.stopWithSavepoint(job(run, parallelisms[i]).executeAsync());
    }
    flags.put("records", Integer.toString(2 * RECORDS));
    run.toEnd(job(run, parallelisms[2]));

    assertSame(sorted(expected(2 * RECORDS)), sorted(run.seen()));
  }

  @Test
  void lateEventsStayLateOverASavepoint() throws Exception {
    flags.put("late-events", "0.05");
    TestingRun run = run("late-savepoint").slowAfter(1500);
    run.stopWithSavepoint(job(run, 1).executeAsync());
    run.toEnd(job(run, 1));

    assertSame(withoutEarlyMarks(expected(RECORDS)), withoutEarlyMarks(run.seen()));
  }

  @Test
  @Timeout(value = PATIENCE_S, unit = TimeUnit.SECONDS)
  void readerThatWaitsForItsRateStopsAtOnce() throws Exception {
    flags.put("records", "0");
    // The first event of each reader comes at once, its second after hours.
    flags.put("rate", "0.0001");
    TestingRun run = run("rate");
    JobClient job = job(run, 2).executeAsync();
    run.awaitEvents(2);
    job.cancel().get();
    assertThrows(ExecutionException.class, () -> job.getJobExecutionResult().get());

    assertEquals(2, run.seen().size());
  }

  @Test
  void boundedOnlyWithANumberOfRecords() {
    assertEquals(Boundedness.BOUNDED, GeneratorSource.of(settings(), 0).getBoundedness());
    flags.put("records", "0");
    assertEquals(
        Boundedness.CONTINUOUS_UNBOUNDED, GeneratorSource.of(settings(), 0).getBoundedness());
  }

  @Test
  void badFlagsAreNamedBeforeTheJobStarts() {
    flags.put("rate", "-1");
    UserError error = assertThrows(UserError.class, () -> GeneratorSource.of(settings(), 0));
    assertTrue(error.getMessage().contains("--rate is -1"), error.getMessage());
    assertFalse(error.cure().isEmpty());
  }
}
