package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFinalizer;
import org.junit.jupiter.api.Test;

class PaneOperatorRestoreTest {
  @Test
  void openWindowsGoOnWhereTheyStood() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingWindows windows = TestingWindows.ids(300, 100, 0).open()) {
      windows.send("k", "a", 150);
      windows.send("k", "b", 250);
      windows.watermark(299);
      windows.send("k", "late", 50);
      windows.send("k", "partial", 160);
      checkpoint = windows.snapshot();
      windows.send("k", "lost with the failure", 270);
    }
    try (TestingWindows windows = TestingWindows.ids(300, 100, 0).restore(1, checkpoint).open()) {
      windows.send("k", "c", 320);
      windows.watermark(399);
      assertEquals(List.of("k [100, 400) a b c partial"), windows.take());
      windows.watermark(Long.MAX_VALUE);
      assertEquals(List.of("k [200, 500) b c", "k [300, 600) c"), windows.take());
      assertEquals(0, windows.panes());
      assertEquals(0, windows.timers());
      assertEquals(4, windows.count("used"));
      assertEquals(1, windows.count("late"));
      assertEquals(1, windows.count("partial"));
    }
  }

  @Test
  void anEmittedWindowIsNotMadeAgainBeforeTheFirstWatermark() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingWindows windows = TestingWindows.ids(100, 100, 0).open()) {
      windows.send("k", "a", 150);
      windows.watermark(220);
      checkpoint = windows.snapshot();
    }
    try (TestingWindows windows = TestingWindows.ids(100, 100, 0).restore(1, checkpoint).open()) {
      windows.send("k", "b", 160);
      assertLate("b", 60, windows.take());
      windows.send("other", "c", 199);
      assertLate("c", 21, windows.take());

      windows.watermark(120); // The sources start again from behind: nothing fires.
      windows.send("k", "d", 199);
      assertLate("d", 21, windows.take());
      windows.send("k", "e", 200);
      windows.watermark(300);
      assertEquals(List.of("k [200, 300) e"), windows.take());
      assertEquals(3, windows.count("late"));
    }
  }

  @Test
  void panesOfOtherWindowsAreRefused() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingWindows windows = TestingWindows.ids(3_000, 100, 0).open()) {
      windows.send("k", "a", 150);
      checkpoint = windows.snapshot();
    }
    var others = TestingWindows.ids(3_000, 1_000, 0).restore(1, checkpoint);
    Exception refusal = assertThrows(SuppressRestartsException.class, others::open);
    assertTrue(
        refusal
            .getCause()
            .getMessage()
            .contains(
                "the state is of windows of 3,000 ms every 100 ms, this job has windows of"
                    + " 3,000 ms every 1,000 ms"),
        refusal.getCause().getMessage());
  }

  @Test
  void theRestoredWatermarkOutlivesASecondRestart() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingWindows windows = TestingWindows.ids(100, 100, 0).open()) {
      windows.watermark(220);
      checkpoint = windows.snapshot();
    }
    try (TestingWindows windows = TestingWindows.ids(100, 100, 0).restore(1, checkpoint).open()) {
      windows.watermark(50);
      checkpoint = windows.snapshot();
    }
    try (TestingWindows windows = TestingWindows.ids(100, 100, 0).restore(1, checkpoint).open()) {
      windows.send("k", "b", 160);
      assertLate("b", 60, windows.take());
    }
  }

  @Test
  void afterARestoreAWindowWithinTheLatenessIsCorrected() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingWindows windows = TestingWindows.ids(100, 100, 50).open()) {
      windows.send("k", "a", 150);
      windows.watermark(220);
      windows.take();
      checkpoint = windows.snapshot();
    }
    try (TestingWindows windows = TestingWindows.ids(100, 100, 50).restore(1, checkpoint).open()) {
      windows.send("k", "b", 160);
      windows.send("other", "c", 170);
      assertEquals(List.of("k [100, 200) a b", "other [100, 200) c"), windows.take());
      windows.watermark(249);
      assertEquals(List.of(), windows.take());
      assertEquals(0, windows.panes());
      assertEquals(0, windows.timers());
    }
  }

  @Test
  void moreLatenessAfterARestartDoesNotOpenWindowsAgain() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingWindows windows = TestingWindows.ids(100, 100, 0).open()) {
      windows.send("k", "a", 150);
      windows.send("k", "b", 250);
      windows.watermark(220);
      checkpoint = windows.snapshot();
    }
    try (TestingWindows windows = TestingWindows.ids(100, 100, 50).restore(1, checkpoint).open()) {
      windows.send("k", "c", 160); // [100, 200) was emitted, and its contents are gone.
      assertLate("c", 60, windows.take());
      windows.watermark(320);
      windows.send("k", "d", 260);
      assertEquals(List.of("k [200, 300) b", "k [200, 300) b d"), windows.take());
      windows.watermark(349);
      assertEquals(0, windows.panes());
      assertEquals(0, windows.timers());
    }
  }

  @Test
  void lessLatenessAfterARestartLeavesNothingBehind() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingWindows windows = TestingWindows.ids(100, 100, 50).open()) {
      windows.send("k", "a", 150);
      windows.watermark(220);
      checkpoint = windows.snapshot();
    }
    try (TestingWindows windows = TestingWindows.ids(100, 100, 10).restore(1, checkpoint).open()) {
      windows.send("k", "b", 160);
      assertLate("b", 60, windows.take());
      windows.watermark(249);
      assertEquals(0, windows.panes());
      assertEquals(0, windows.timers());
    }
  }

  @Test
  void oneSubtaskBecomesTwo() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingWindows windows = TestingWindows.ids(100, 100, 0).open()) {
      for (String key : keys()) {
        windows.send(key, "a", 150);
      }
      windows.watermark(120);
      checkpoint = windows.snapshot();
    }
    List<String> emitted = new ArrayList<>();
    long used = 0;
    for (int subtask = 0; subtask < 2; subtask++) {
      try (TestingWindows windows =
          TestingWindows.ids(100, 100, 0).subtask(subtask, 2).restore(1, checkpoint).open()) {
        for (String key : keysOf(subtask)) {
          windows.send(key, "b", 160);
          windows.send(key, "late", 99);
          assertLate("late", 21, windows.take());
        }
        windows.watermark(199);
        emitted.addAll(windows.take());
        used += windows.count("used");
      }
    }
    assertEquals(
        keys().stream().map(key -> key + " [100, 200) a b").sorted().toList(),
        emitted.stream().sorted().toList());
    assertEquals(2L * keys().size(), used);
  }

  @Test
  void eachKeyKeepsTheWatermarkOfTheSubtaskThatHadIt() throws Exception {
    // Under unaligned checkpoints subtasks may stand at different watermarks.
    long[] watermarks = {250, 150};
    OperatorSubtaskState[] checkpoints = new OperatorSubtaskState[2];
    for (int subtask = 0; subtask < 2; subtask++) {
      try (TestingWindows windows = TestingWindows.ids(100, 100, 0).subtask(subtask, 2).open()) {
        for (String key : keysOf(subtask)) {
          windows.send(key, "a", 180);
        }
        windows.watermark(watermarks[subtask]);
        checkpoints[subtask] = windows.snapshot();
      }
    }
    try (TestingWindows windows = TestingWindows.ids(100, 100, 0).restore(2, checkpoints).open()) {
      checkpoints[0] = windows.snapshot(); // One subtask now stores two watermarks.
    }
    try (TestingWindows windows =
        TestingWindows.ids(100, 100, 0).restore(1, checkpoints[0]).open()) {
      for (String key : keysOf(0)) {
        windows.send(key, "b", 190);
        assertLate("b", 60, windows.take());
      }
      for (String key : keysOf(1)) {
        windows.send(key, "b", 190);
      }
      windows.watermark(199);
      assertEquals(
          keysOf(1).stream().map(key -> key + " [100, 200) a b").sorted().toList(),
          windows.take().stream().sorted().toList());
    }
  }

  @Test
  void aCheckpointBeingWrittenDoesNotSeeLaterEvents() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingWindows windows = TestingWindows.ids(100, 100, 0).open()) {
      windows.send("k", "a", 150);
      var checkpointing =
          windows
              .operator()
              .snapshotState(
                  1,
                  1,
                  CheckpointOptions.forCheckpointWithDefaultLocation(),
                  new MemCheckpointStreamFactory(1 << 20));
      windows.send("k", "after the barrier", 160);
      windows.send("other", "after the barrier", 160);
      // The asynchronous part runs here, after the accumulator was changed in place.
      checkpoint = OperatorSnapshotFinalizer.create(checkpointing).getJobManagerOwnedState();
      windows.watermark(199);
      assertEquals(2, windows.take().size());
    }
    try (TestingWindows windows = TestingWindows.ids(100, 100, 0).restore(1, checkpoint).open()) {
      windows.watermark(199);
      assertEquals(List.of("k [100, 200) a"), windows.take());
    }
  }

  private static List<String> keys() {
    return List.of("books", "toys", "food", "garden", "music", "games", "shoes", "tools");
  }

  private static List<String> keysOf(int subtask) {
    List<String> keys =
        keys().stream()
            .filter(
                key ->
                    KeyGroupRangeAssignment.assignKeyToParallelOperator(
                            key, TestingWindows.MAX_PARALLELISM, 2)
                        == subtask)
            .toList();
    assertEquals(false, keys.isEmpty());
    return keys;
  }

  private static void assertLate(String id, long by, List<String> emitted) {
    assertEquals(1, emitted.size());
    String start = "{\"analysis\":\"ids\",\"late_by_ms\":%d,\"event\":{\"event_id\":\"%s\",";
    String expected = start.formatted(by, id);
    assertEquals(expected, emitted.get(0).substring(0, expected.length()));
  }
}
