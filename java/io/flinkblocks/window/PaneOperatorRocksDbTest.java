package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFinalizer;
import org.junit.jupiter.api.Test;

/** Panes that are kept in memory and written later: what the state holds when it matters. */
class PaneOperatorRocksDbTest {
  private static final List<String> KEYS =
      IntStream.range(0, 40).mapToObj(i -> "key-" + i).toList();

  /** All panes stay in memory until a checkpoint. */
  private static final long SMALL = 100;

  /** Two panes do. */
  private static final long LARGE =
      CacheBudget.bytes(Runtime.getRuntime().maxMemory(), 1) / 2 - 1000;

  @Test
  void aFailureGoesBackToTheCheckpoint() throws Exception {
    for (long footprint : new long[] {SMALL, LARGE}) {
      OperatorSubtaskState checkpoint;
      try (TestingWindows windows = open(footprint, rocksDb()).open()) {
        sendAll(windows, "a", 150);
        windows.watermark(120);
        checkpoint = windows.snapshot();
        sendAll(windows, "lost", 160);
        sendAll(windows, "lost", 250);
        windows.watermark(199);
        assertEquals(KEYS.size(), windows.take().size());
      }
      try (TestingWindows windows = open(footprint, rocksDb()).restore(1, checkpoint).open()) {
        sendAll(windows, "b", 170);
        windows.watermark(Long.MAX_VALUE);
        assertEquals(expected("a b"), sorted(windows.take()));
        assertEmpty(windows);
      }
    }
  }

  @Test
  void oneSubtaskBecomesTwoAndOneAgain() throws Exception {
    for (long footprint : new long[] {SMALL, LARGE}) {
      OperatorSubtaskState one;
      try (TestingWindows windows = open(footprint, rocksDb()).open()) {
        sendAll(windows, "a", 150);
        one = windows.snapshot();
      }
      OperatorSubtaskState[] two = new OperatorSubtaskState[2];
      for (int subtask = 0; subtask < 2; subtask++) {
        try (TestingWindows windows =
            open(footprint, rocksDb()).subtask(subtask, 2).restore(1, one).open()) {
          for (String key : keysOf(subtask)) {
            windows.send(key, "b", 160);
          }
          two[subtask] = windows.snapshot();
        }
      }
      try (TestingWindows windows = open(footprint, rocksDb()).restore(2, two).open()) {
        sendAll(windows, "c", 170);
        windows.watermark(199);
        assertEquals(expected("a b c"), sorted(windows.take()));
        assertEmpty(windows);
      }
    }
  }

  @Test
  void aSavepointIsTheSameForEveryBackend() throws Exception {
    for (StateBackend second : List.of(new HashMapStateBackend(), rocksDb())) {
      StateBackend first = second instanceof HashMapStateBackend ? rocksDb() : heap();
      OperatorSubtaskState savepoint;
      try (TestingWindows windows = open(SMALL, first).open()) {
        sendAll(windows, "a", 150);
        windows.watermark(120);
        sendAll(windows, "b", 110);
        savepoint = windows.savepoint();
      }
      try (TestingWindows windows = open(SMALL, second).restore(1, savepoint).open()) {
        assertEquals(KEYS.size(), windows.panes());
        sendAll(windows, "c", 170);
        windows.watermark(199);
        assertEquals(expected("a b c"), sorted(windows.take()));
        assertEmpty(windows);
      }
    }
  }

  @Test
  void aCheckpointBeingWrittenDoesNotSeeLaterEvents() throws Exception {
    for (StateBackend backend : List.of(heap(), rocksDb())) {
      OperatorSubtaskState checkpoint;
      try (TestingWindows windows = open(SMALL, backend).open()) {
        sendAll(windows, "a", 150);
        var writing =
            windows
                .operator()
                .snapshotState(
                    1,
                    1,
                    CheckpointOptions.forCheckpointWithDefaultLocation(),
                    new MemCheckpointStreamFactory(1 << 20));
        sendAll(windows, "after the barrier", 160);
        checkpoint = OperatorSnapshotFinalizer.create(writing).getJobManagerOwnedState();
      }
      try (TestingWindows windows = open(SMALL, backend).restore(1, checkpoint).open()) {
        windows.watermark(199);
        assertEquals(expected("a"), sorted(windows.take()));
      }
    }
  }

  @Test
  void slidingWindowsReadPanesFromMemoryAndState() throws Exception {
    List<List<String>> results = new ArrayList<>();
    for (StateBackend backend : List.of(heap(), rocksDb())) {
      for (long footprint : new long[] {SMALL, LARGE}) {
        var operator = new PaneOperator<>("ids", new TestingIds(footprint), 300, 100, 50);
        try (TestingWindows windows = TestingWindows.of("ids", operator).backend(backend).open()) {
          for (int i = 0; i < 600; i++) {
            windows.send(KEYS.get(i % 7), "e" + i, 1000 + i - i % 90);
            if (i % 50 == 0) {
              windows.watermark(900 + i);
            }
            if (i % 70 == 0) {
              windows.snapshot();
            }
          }
          windows.watermark(Long.MAX_VALUE);
          results.add(sorted(windows.take()));
          assertEmpty(windows);
        }
      }
    }
    assertTrue(results.get(0).size() > 50);
    results.forEach(result -> assertEquals(results.get(0), result));
  }

  private static StateBackend rocksDb() {
    return new EmbeddedRocksDBStateBackend();
  }

  private static StateBackend heap() {
    return new HashMapStateBackend();
  }

  /** Tumbling windows of 100 ms. */
  private static TestingWindows.Builder<TestingWindows> open(long footprint, StateBackend backend) {
    return TestingWindows.of(
            "ids", new PaneOperator<>("ids", new TestingIds(footprint), 100, 100, 0))
        .backend(backend);
  }

  private static void sendAll(TestingWindows windows, String id, long timestamp) throws Exception {
    for (String key : KEYS) {
      windows.send(key, id, timestamp);
    }
  }

  private static List<String> keysOf(int subtask) {
    return KEYS.stream()
        .filter(
            key ->
                KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        key, TestingWindows.MAX_PARALLELISM, 2)
                    == subtask)
        .toList();
  }

  /** The window [100, 200) of each key. */
  private static List<String> expected(String ids) {
    return sorted(KEYS.stream().map(key -> key + " [100, 200) " + ids).toList());
  }

  private static List<String> sorted(List<String> values) {
    return values.stream().sorted().toList();
  }

  private static void assertEmpty(TestingWindows windows) {
    assertEquals(0, windows.panes());
    assertEquals(0, windows.timers());
  }
}
