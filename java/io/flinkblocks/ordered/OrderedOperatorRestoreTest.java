package io.flinkblocks.ordered;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFinalizer;
import org.junit.jupiter.api.Test;

class OrderedOperatorRestoreTest {
  @Test
  void heldEventsStatesAndTimersGoOnWhereTheyStood() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingOrdered ordered = TestingOrdered.journal().open()) {
      ordered.send("u", "a", 100, "wait 150");
      ordered.send("u", "c", 200, "keep");
      ordered.watermark(150);
      ordered.send("u", "late", 150);
      checkpoint = ordered.snapshot();
      ordered.send("u", "lost with the failure", 180);
    }
    try (TestingOrdered ordered = TestingOrdered.journal().restore(1, checkpoint).open()) {
      assertEquals(1, ordered.count("held"));
      ordered.send("u", "b", 199, "keep");
      ordered.send("u", "d", 250, "keep");
      ordered.watermark(Long.MAX_VALUE);
      assertEquals(List.of("u b #2", "u c #3", "u @250 #3", "u d #1"), ordered.take());
      assertEquals(4, ordered.count("used"));
      assertEquals(1, ordered.count("late"));
      assertEquals(0, ordered.count("held"));
      assertEquals(0, ordered.entries() + ordered.timers());
    }
  }

  @Test
  void whatWasLateStaysLateBeforeTheFirstWatermark() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingOrdered ordered = TestingOrdered.journal().open()) {
      ordered.watermark(220);
      checkpoint = ordered.snapshot();
    }
    try (TestingOrdered ordered = TestingOrdered.journal().restore(1, checkpoint).open()) {
      ordered.send("u", "a", 220);
      assertLate(0, ordered.take());
      ordered.watermark(120); // The sources start again from behind.
      ordered.send("u", "b", 200);
      assertLate(20, ordered.take());
      ordered.send("u", "c", 221, "forget");
      checkpoint = ordered.snapshot();
    }
    try (TestingOrdered ordered = TestingOrdered.journal().restore(1, checkpoint).open()) {
      ordered.send("u", "d", 150);
      assertLate(70, ordered.take());
      ordered.watermark(221);
      assertEquals(List.of("u c #1"), ordered.take());
    }
  }

  @Test
  void rescalingDoesNotChangeWhatAnyKeySees() throws Exception {
    List<Event> events = traffic(new Random(5));
    Map<String, List<String>> expected = byUser(run(events, List.of(1, 1, 1)));
    assertEquals(60, expected.size());
    assertEquals(expected, byUser(run(events, List.of(1, 3, 2))));
    assertEquals(expected, byUser(run(events, List.of(4, 1, 8))));
  }

  /** Three parts of the events, each with so many subtasks, restored from the part before. */
  private static List<String> run(List<Event> events, List<Integer> parallelism) throws Exception {
    List<String> emitted = new ArrayList<>();
    List<OperatorSubtaskState> states = List.of();
    long used = 0;
    for (int part = 0; part < parallelism.size(); part++) {
      List<OperatorSubtaskState> next = new ArrayList<>();
      used = 0;
      for (int subtask = 0; subtask < parallelism.get(part); subtask++) {
        try (TestingOrdered ordered = open(subtask, parallelism.get(part), states)) {
          int share = events.size() / parallelism.size();
          for (Event event : events.subList(part * share, (part + 1) * share)) {
            if (subtaskOf(event.userId(), parallelism.get(part)) == subtask) {
              ordered.send(event);
            }
            ordered.watermark(event.timestamp() - 200);
          }
          next.add(ordered.snapshot());
          if (part == parallelism.size() - 1) {
            ordered.watermark(Long.MAX_VALUE);
            assertEquals(0, ordered.entries() + ordered.timers());
          }
          used += ordered.count("used");
          emitted.addAll(ordered.take());
        }
      }
      states = next;
    }
    assertEquals(events.size(), used);
    return emitted;
  }

  private static TestingOrdered open(int subtask, int of, List<OperatorSubtaskState> states)
      throws Exception {
    TestingOrdered.Builder<TestingOrdered> builder = TestingOrdered.journal().subtask(subtask, of);
    return states.isEmpty()
        ? builder.open()
        : builder.restore(states.size(), states.toArray(new OperatorSubtaskState[0])).open();
  }

  /** In disorder of less than the 100 ms by which their watermark is behind the latest. */
  private static List<Event> traffic(Random random) {
    return IntStream.range(0, 3000)
        .mapToObj(
            i ->
                TestingOrdered.event(
                    "user-" + random.nextInt(60),
                    "e" + random.nextInt(10),
                    1_000 + i - random.nextInt(100),
                    random.nextInt(3) == 0 ? "wait " + random.nextInt(90) : "keep"))
        .toList();
  }

  private static Map<String, List<String>> byUser(List<String> emitted) {
    return emitted.stream().collect(Collectors.groupingBy(value -> value.split(" ")[0]));
  }

  @Test
  void eachKeyKeepsTheWatermarkOfTheSubtaskThatHadIt() throws Exception {
    // Under unaligned checkpoints subtasks may stand at different watermarks.
    long[] watermarks = {250, 150};
    OperatorSubtaskState[] checkpoints = new OperatorSubtaskState[2];
    for (int subtask = 0; subtask < 2; subtask++) {
      try (TestingOrdered ordered = TestingOrdered.journal().subtask(subtask, 2).open()) {
        ordered.watermark(watermarks[subtask]);
        checkpoints[subtask] = ordered.snapshot();
      }
    }
    try (TestingOrdered ordered = TestingOrdered.journal().restore(2, checkpoints).open()) {
      for (String user : usersOf(0)) {
        ordered.send(user, "a", 200);
        assertLate(50, ordered.take());
      }
      for (String user : usersOf(1)) {
        ordered.send(user, "a", 200, "forget");
      }
      ordered.watermark(200);
      assertEquals(
          usersOf(1).stream().map(user -> user + " a #1").sorted().toList(),
          ordered.take().stream().sorted().toList());
    }
  }

  @Test
  void aCheckpointBeingWrittenDoesNotSeeWhatComesLater() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingOrdered ordered = TestingOrdered.journal().open()) {
      ordered.send("u", "a", 100);
      ordered.watermark(100);
      ordered.send("u", "b", 200);
      var checkpointing =
          ordered
              .operator()
              .snapshotState(
                  1,
                  1,
                  CheckpointOptions.forCheckpointWithDefaultLocation(),
                  new MemCheckpointStreamFactory(1 << 20));
      ordered.send("u", "after the barrier", 200);
      ordered.watermark(250);
      // The asynchronous part runs here, after lists and states were changed in place.
      checkpoint = OperatorSnapshotFinalizer.create(checkpointing).getJobManagerOwnedState();
      assertEquals(3, ordered.take().size());
    }
    try (TestingOrdered ordered = TestingOrdered.journal().restore(1, checkpoint).open()) {
      ordered.watermark(250);
      assertEquals(List.of("u b #2"), ordered.take());
    }
  }

  private static int subtaskOf(String user, int parallelism) {
    return KeyGroupRangeAssignment.assignKeyToParallelOperator(
        user, TestingOrdered.MAX_PARALLELISM, parallelism);
  }

  private static List<String> usersOf(int subtask) {
    List<String> users =
        IntStream.range(0, 20)
            .mapToObj(i -> "user-" + i)
            .filter(user -> subtaskOf(user, 2) == subtask)
            .toList();
    assertFalse(users.isEmpty());
    return users;
  }

  private static void assertLate(long by, List<String> emitted) {
    assertEquals(1, emitted.size());
    String expected = "{\"analysis\":\"journal\",\"late_by_ms\":" + by + ",\"event\":{";
    assertTrue(emitted.get(0).startsWith(expected), emitted.get(0));
  }
}
