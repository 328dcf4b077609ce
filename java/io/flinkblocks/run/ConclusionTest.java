package io.flinkblocks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.UserError;
import io.flinkblocks.console.Failure;
import io.flinkblocks.console.FlinkRest;
import io.flinkblocks.console.Snapshot;
import io.flinkblocks.console.Summary;
import io.flinkblocks.console.Summary.Ended;
import io.flinkblocks.console.Summary.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConclusionTest {
  private static final String JOB = "0123456789abcdef0123456789abcdef";
  private static final FlinkRest NOWHERE = new FlinkRest("127.0.0.1:1");
  private static final Map<String, Long> RIGHT =
      Map.of(
          "accounting.source.read", 100L,
          "accounting.source.valid", 98L,
          "accounting.source.dead-lettered", 2L,
          "accounting.revenue-metrics.used", 98L,
          "accounting.output.revenue-metrics", 7L,
          "accounting.output.extra", 1L);
  private static final Failure CANCELLATION =
      Failure.of(
          "a.B: x\n\tat y\nCaused by: a.JobCancellationException: Job was cancelled.\n\tat z");
  private static final Failure BUG = Failure.of("a.B: x\n\tat y\nCaused by: a.C: no\n\tat z");

  @TempDir Path state;
  private boolean embedded = true;
  private boolean resumed;

  private static Snapshot seen(long read, long uptimeMs) {
    Snapshot none = Snapshot.starting(JOB);
    return new Snapshot(
        new Snapshot.Job(JOB, "n", "RUNNING", true, true, 1L, uptimeMs, 0, null),
        new Snapshot.Flow(
            read, 0L, null, 0L, 0L, Map.of(), Map.of("accounting.source.read", read), null),
        none.eventTime(),
        none.splits(),
        none.backpressure(),
        new Snapshot.Checkpoints(3, 0, 0, 0, null, null, null, "file:/c/chk-3"));
  }

  private static Course.End finished(Map<String, Long> counters) {
    return new Course.End(2000L, counters, null);
  }

  private static Course.End failed(Failure failure) {
    return new Course.End(null, Map.of(), failure);
  }

  private Conclusion conclude(
      Course.End end, Stop stop, int signals, int signal, boolean canceled, UserError error) {
    Snapshot last = seen(60, 1000);
    Course course = new Course(end, 4000, last, last, stop, signals, signal, canceled, error);
    RunOptions options =
        new RunOptions(
            "App-block",
            state.toString(),
            true,
            0,
            List.of(new Output("revenue-metrics", "/o/r", null, null)),
            List.of("revenue-metrics"),
            List.of("run", "--rate", "5"),
            resumed,
            embedded,
            false);
    return Conclusion.of(course, NOWHERE, options);
  }

  private Conclusion conclude(Course.End end) {
    return conclude(end, null, 0, 0, false, null);
  }

  private static Stop stopped(String folder, boolean drain, CompletableFuture<String> answer) {
    Stop stop = new Stop(folder, drain, () -> answer, () -> 0);
    stop.advance(true);
    stop.advance(true);
    return stop;
  }

  private Path savepoint(String folder) throws IOException {
    Path place = Files.createDirectories(state.resolve(folder).resolve("savepoint-012345-1"));
    Files.writeString(place.resolve("_metadata"), "x");
    return place;
  }

  @Test
  void finished() {
    Conclusion end = conclude(finished(RIGHT));
    Summary s = end.summary();
    assertEquals(0, end.exitCode());
    assertNull(end.failure());
    assertEquals(Ended.FINISHED, s.ended());
    assertTrue(s.complete() && s.addsUp());
    assertEquals(2000, s.elapsedMs());
    assertEquals(50.0, s.eventsPerSecond());
    assertNull(s.resume());
    // What the job counts, though nobody said where it goes, is shown too.
    assertEquals(
        List.of(new Output("revenue-metrics", "/o/r", null, 7L), new Output("extra", "", null, 1L)),
        s.outputs());
  }

  @Test
  void mismatchGivesAnExitCode() {
    Map<String, Long> wrong = new TreeMap<>(RIGHT);
    wrong.put("accounting.source.read", 101L);
    Conclusion end = conclude(finished(wrong));
    assertEquals(1, end.exitCode());
    assertEquals(Ended.FINISHED, end.summary().ended());
    assertTrue(end.failure().line().startsWith("the accounting does not add up: read 101"));
    assertNull(end.summary().error());
  }

  @Test
  void analysisThatDidNotReportIsAMismatch() {
    Map<String, Long> counters = new TreeMap<>(RIGHT);
    counters.remove("accounting.revenue-metrics.used");
    assertEquals(1, conclude(finished(counters)).exitCode());
  }

  @Test
  void stoppedWithASavepoint() {
    Stop stop = stopped("/x", false, CompletableFuture.completedFuture("file:/s/savepoint-1"));
    Summary s = conclude(finished(RIGHT), stop, 1, 2, false, null).summary();
    assertEquals(Ended.STOPPED, s.ended());
    assertEquals("file:/s/savepoint-1", s.savepoint());
    assertEquals("run --rate 5 --from-savepoint file:/s/savepoint-1", s.resume());
  }

  @Test
  void drainedDeletesItsSavepoint() throws IOException {
    String place = savepoint("drained").toUri().toString();
    Stop stop = stopped(state + "/drained", true, CompletableFuture.completedFuture(place));
    Conclusion end = conclude(finished(RIGHT), stop, 1, 2, false, null);
    assertEquals(Ended.DRAINED, end.summary().ended());
    assertEquals(0, end.exitCode());
    assertNull(end.summary().savepoint());
    assertNull(end.summary().resume());
    assertEquals(List.of(), end.notes());
    assertFalse(Files.exists(state.resolve("drained")));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void drainedSaysWhatItCannotDelete(boolean here) {
    embedded = here;
    Stop stop = stopped("/x", true, CompletableFuture.completedFuture("s3://b/savepoint-1"));
    Conclusion end = conclude(finished(RIGHT), stop, 1, 2, false, null);
    assertEquals(
        List.of("could not delete s3://b/savepoint-1, which nothing needs any more"), end.notes());
  }

  @Test
  void answerLostButTheSavepointIsThere() throws IOException {
    Path place = savepoint("savepoints");
    Stop stop = stopped(state + "/savepoints", false, new CompletableFuture<>());
    Summary s = conclude(finished(RIGHT), stop, 1, 2, false, null).summary();
    assertEquals(Ended.STOPPED, s.ended());
    assertEquals(place.toString(), s.savepoint());
  }

  @Test
  void endedBeforeItCouldBeStopped() {
    Stop stop = new Stop("/x", true, CompletableFuture::new, () -> 0);
    Conclusion end = conclude(finished(RIGHT), stop, 1, 2, false, null);
    assertEquals(0, end.exitCode());
    assertEquals(Ended.FINISHED, end.summary().ended());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 15})
  void cancelledBySignal(int signal) {
    Conclusion end = conclude(failed(CANCELLATION), null, 2, signal, true, null);
    assertEquals(128 + signal, end.exitCode());
    assertEquals(Ended.CANCELED, end.summary().ended());
    assertFalse(end.summary().complete());
    assertNull(end.summary().addsUp());
    assertEquals(60, end.summary().accounting().read());
    assertEquals("run --rate 5 --from-savepoint latest", end.summary().resume());
  }

  @Test
  void cancelledAndNotWaitedFor() {
    Conclusion end = conclude(null, null, 3, 2, false, null);
    assertEquals(130, end.exitCode());
    assertEquals(Ended.CANCELED, end.summary().ended());
  }

  @Test
  void cancelledFromElsewhere() {
    Conclusion end = conclude(failed(CANCELLATION));
    assertEquals(1, end.exitCode());
    assertTrue(end.failure().line().contains("though not from here"));
  }

  @Test
  void cancelledAsItCouldNotBeStopped() {
    UserError stuck = new UserError("stuck", "resume it");
    Conclusion end = conclude(failed(CANCELLATION), null, 1, 2, true, stuck);
    assertEquals(1, end.exitCode());
    assertEquals(Ended.CANCELED, end.summary().ended());
    assertEquals("stuck; resume it", end.summary().error());
  }

  @Test
  void failed() {
    Conclusion end = conclude(failed(BUG));
    assertEquals(1, end.exitCode());
    assertEquals(Ended.FAILED, end.summary().ended());
    assertEquals("C: no; --verbose shows the stack trace", end.summary().error());
    assertEquals(4000, end.summary().elapsedMs());
    assertTrue(end.failure().trace().contains("\tat z"));
  }

  @Test
  void clusterThatHasGone() {
    embedded = false;
    Conclusion end = conclude(failed(BUG));
    assertEquals(Ended.LOST, end.summary().ended());
    assertEquals(1, end.exitCode());
    assertTrue(end.failure().line().contains("http://127.0.0.1:1 does not answer any more"));
  }

  @Test
  void speedOfAResumedRunLeavesTheEarlierOnesOut() {
    resumed = true;
    // 40 of the 100 were read in this run's second half, its first second not counted.
    assertEquals(40.0, conclude(finished(RIGHT)).summary().eventsPerSecond());
  }
}
