package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;

/** Levels of 100, 500 and 1,500 ms over restarts, on the heap and on RocksDB. */
class LevelOperatorRestoreTest {
  private static final List<String> KEYS =
      IntStream.range(0, 20).mapToObj(i -> "key-" + i).toList();

  /** All accumulators stay in memory until a checkpoint. */
  private static final long SMALL = 100;

  /** Two of them do. */
  private static final long LARGE =
      CacheBudget.bytes(Runtime.getRuntime().maxMemory(), 1) / 2 - 1000;

  @Test
  void everyLevelGoesOnWhereItStood() throws Exception {
    for (StateBackend backend : List.of(heap(), rocksDb())) {
      for (long footprint : new long[] {SMALL, LARGE}) {
        OperatorSubtaskState checkpoint;
        try (TestingLevels levels = open(footprint, 0).backend(backend).open()) {
          sendAll(levels, "a", 110); // To be in a stored result of the second level.
          sendAll(levels, "b", 510); // In a fired window of the lowest.
          sendAll(levels, "c", 610); // In an open one.
          levels.watermark(605);
          levels.take();
          checkpoint = levels.snapshot();
          sendAll(levels, "lost", 620);
          sendAll(levels, "lost", 720);
          levels.watermark(999);
        }
        try (TestingLevels levels =
            open(footprint, 0).backend(backend).restore(1, checkpoint).open()) {
          sendAll(levels, "d", 630);
          levels.watermark(Long.MAX_VALUE);
          assertEquals(
              expected("[600, 700) c d r0", "[500, 1000) b c d r0", "[0, 1500) a b c d r0"),
              sorted(levels.take()));
          assertEmpty(levels);
          assertEquals(4L * KEYS.size(), levels.count("used"));
        }
      }
    }
  }

  @Test
  void revisionsGoOnCounting() throws Exception {
    for (StateBackend backend : List.of(heap(), rocksDb())) {
      OperatorSubtaskState checkpoint;
      try (TestingLevels levels = open(SMALL, 2000).backend(backend).open()) {
        levels.send("k", "a", 10);
        levels.watermark(520);
        levels.send("k", "b", 20);
        levels.take();
        checkpoint = levels.snapshot();
        levels.send("k", "lost", 30);
      }
      try (TestingLevels levels =
          open(SMALL, 2000).backend(backend).restore(1, checkpoint).open()) {
        levels.send("k", "c", 40);
        assertEquals(List.of("k [0, 100) a b c r2", "k [0, 500) a b c r2"), levels.take());
        levels.watermark(1499);
        assertEquals(List.of("k [0, 1500) a b c r0"), levels.take());
        levels.watermark(Long.MAX_VALUE);
        assertEmpty(levels);
      }
    }
  }

  @Test
  void anEmittedWindowIsNotMadeAgain() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingLevels levels = open(SMALL, 0).open()) {
      levels.send("k", "a", 10);
      levels.watermark(120);
      checkpoint = levels.snapshot();
    }
    try (TestingLevels levels = open(SMALL, 0).restore(1, checkpoint).open()) {
      levels.watermark(50); // The sources start again from behind.
      levels.send("k", "b", 20);
      assertTrue(levels.take().get(0).startsWith("{\"analysis\":\"ids\",\"late_by_ms\":100,"));
      levels.watermark(Long.MAX_VALUE);
      assertEquals(List.of("k [0, 500) a r0", "k [0, 1500) a r0"), levels.take());
      assertEquals(1, levels.count("late"));
    }
  }

  @Test
  void anotherLatenessAfterARestartLeavesNothingBehind() throws Exception {
    for (long before : new long[] {0, 50, 1000}) {
      for (long after : new long[] {0, 50, 1000}) {
        OperatorSubtaskState checkpoint;
        try (TestingLevels levels = open(SMALL, before).open()) {
          levels.send("k", "a", 10);
          levels.send("k", "b", 510);
          levels.watermark(620);
          checkpoint = levels.snapshot();
        }
        try (TestingLevels levels = open(SMALL, after).restore(1, checkpoint).open()) {
          levels.send("k", "c", 20);
          levels.watermark(999);
          levels.send("k", "d", 910);
          levels.watermark(1499 + Math.max(before, after));
          assertEmpty(levels);
          assertEquals(4, levels.count("used") + levels.count("late"));
        }
      }
    }
  }

  @Test
  void aTimerOfALongerLatenessClosesItsOwnWindowsAlone() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingLevels levels = open(SMALL, 400).open()) {
      sendAll(levels, "a", 10); // To be closed at 499.
      levels.watermark(110);
      checkpoint = levels.snapshot();
    }
    try (TestingLevels levels = open(SMALL, 0).restore(1, checkpoint).open()) {
      levels.watermark(499);
      assertEquals(expected("[0, 500) a r0"), sorted(levels.take()));
    }
  }

  @Test
  void otherLevelsAreRefused() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingLevels levels = open(SMALL, 0).open()) {
      checkpoint = levels.snapshot();
    }
    var refusal =
        assertThrows(
            SuppressRestartsException.class,
            () -> TestingLevels.ids(0, 100L, 300L, 1500L).restore(1, checkpoint).open());
    assertTrue(
        refusal
            .getCause()
            .getMessage()
            .contains("windows of 500 ms every 500 ms, windows of 1,500 ms every 1,500 ms, this"),
        refusal.getCause().getMessage());
  }

  @Test
  void oneSubtaskBecomesTwoAndOneAgain() throws Exception {
    for (StateBackend backend : List.of(heap(), rocksDb())) {
      OperatorSubtaskState one;
      try (TestingLevels levels = open(LARGE, 300).backend(backend).open()) {
        sendAll(levels, "a", 10);
        levels.watermark(510);
        one = levels.snapshot();
      }
      OperatorSubtaskState[] two = new OperatorSubtaskState[2];
      List<String> emitted = new ArrayList<>();
      for (int subtask = 0; subtask < 2; subtask++) {
        try (TestingLevels levels =
            open(LARGE, 300).backend(backend).subtask(subtask, 2).restore(1, one).open()) {
          for (String key : keysOf(subtask)) {
            levels.send(key, "b", 310);
          }
          emitted.addAll(levels.take());
          two[subtask] = levels.snapshot();
        }
      }
      assertEquals(expected("[300, 400) b r0", "[0, 500) a b r1"), sorted(emitted));
      try (TestingLevels levels = open(LARGE, 300).backend(backend).restore(2, two).open()) {
        sendAll(levels, "c", 320);
        levels.watermark(Long.MAX_VALUE);
        assertEquals(
            expected("[300, 400) b c r1", "[0, 500) a b c r2", "[0, 1500) a b c r0"),
            sorted(levels.take()));
        assertEmpty(levels);
      }
    }
  }

  @Test
  void aSavepointIsTheSameForEveryBackend() throws Exception {
    for (StateBackend second : List.of(heap(), rocksDb())) {
      StateBackend first = second instanceof HashMapStateBackend ? rocksDb() : heap();
      OperatorSubtaskState savepoint;
      try (TestingLevels levels = open(SMALL, 100).backend(first).open()) {
        sendAll(levels, "a", 110);
        sendAll(levels, "b", 410);
        levels.watermark(510);
        sendAll(levels, "c", 420);
        savepoint = levels.savepoint();
      }
      try (TestingLevels levels = open(SMALL, 100).backend(second).restore(1, savepoint).open()) {
        assertEquals(2L * KEYS.size(), levels.lowest());
        assertEquals(KEYS.size(), levels.results());
        sendAll(levels, "d", 430);
        levels.watermark(Long.MAX_VALUE);
        assertEquals(
            expected("[400, 500) b c d r2", "[0, 500) a b c d r2", "[0, 1500) a b c d r0"),
            sorted(levels.take()));
        assertEmpty(levels);
      }
    }
  }

  @Test
  void aCheckpointBeingWrittenDoesNotSeeLaterEvents() throws Exception {
    for (StateBackend backend : List.of(heap(), rocksDb())) {
      OperatorSubtaskState checkpoint;
      try (TestingLevels levels = open(SMALL, 100).backend(backend).open()) {
        sendAll(levels, "a", 110);
        sendAll(levels, "b", 410);
        levels.watermark(510);
        levels.take();
        var begun = levels.beginSnapshot();
        sendAll(levels, "after the barrier", 420);
        checkpoint = TestingOperator.finish(begun);
      }
      try (TestingLevels levels = open(SMALL, 100).backend(backend).restore(1, checkpoint).open()) {
        sendAll(levels, "c", 430);
        levels.watermark(1499);
        assertEquals(
            expected("[400, 500) b c r1", "[0, 500) a b c r1", "[0, 1500) a b c r0"),
            sorted(levels.take()));
      }
    }
  }

  private static StateBackend rocksDb() {
    return new EmbeddedRocksDBStateBackend();
  }

  private static StateBackend heap() {
    return new HashMapStateBackend();
  }

  private static TestingOperator.Builder<TestingLevels> open(long footprint, long lateness) {
    return TestingLevels.ids(new TestingIds(footprint), lateness, 100L, 500L, 1500L);
  }

  private static void sendAll(TestingLevels levels, String id, long timestamp) throws Exception {
    for (String key : KEYS) {
      levels.send(key, id, timestamp);
    }
  }

  private static List<String> keysOf(int subtask) {
    return KEYS.stream()
        .filter(
            key ->
                KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        key, TestingLevels.MAX_PARALLELISM, 2)
                    == subtask)
        .toList();
  }

  /** These results for each key. */
  private static List<String> expected(String... results) {
    return KEYS.stream()
        .flatMap(key -> List.of(results).stream().map(result -> key + " " + result))
        .sorted()
        .toList();
  }

  private static List<String> sorted(List<String> values) {
    return values.stream().sorted().toList();
  }

  private static void assertEmpty(TestingLevels levels) {
    assertEquals(0, levels.lowest() + levels.results());
    assertEquals(0, levels.revisions(0) + levels.revisions(1) + levels.revisions(2));
    assertEquals(0, levels.timers());
  }
}
