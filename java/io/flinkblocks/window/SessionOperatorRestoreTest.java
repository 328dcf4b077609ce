package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.junit.jupiter.api.Test;

class SessionOperatorRestoreTest {
  @Test
  void openSessionsGoOnWhereTheyStood() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingSessions sessions = TestingSessions.ids(50, 0).open()) {
      for (int i = 0; i < 5; i++) {
        sessions.send("u", "a" + i, 100 + i);
      }
      sessions.watermark(90);
      sessions.send("u", "late", 20);
      checkpoint = sessions.snapshot();
      sessions.send("u", "lost with the failure", 120);
    }
    try (TestingSessions sessions = TestingSessions.ids(50, 0).restore(1, checkpoint).open()) {
      sessions.send("u", "b", 154);
      sessions.watermark(204);
      assertEquals(List.of("u [100, 154] a0 a1 a2 a3 a4 b"), sessions.take());
      assertTrue(sessions.isEmpty());
      assertEquals(6, sessions.count("used"));
      assertEquals(1, sessions.count("late"));
    }
  }

  @Test
  void anEmittedSessionIsNotMadeAgainBeforeTheFirstWatermark() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingSessions sessions = TestingSessions.ids(50, 0).open()) {
      sessions.send("u", "a", 150);
      sessions.watermark(220);
      checkpoint = sessions.snapshot();
    }
    try (TestingSessions sessions = TestingSessions.ids(50, 0).restore(1, checkpoint).open()) {
      sessions.send("u", "b", 150);
      assertLate("b", 70, sessions.take());
      sessions.watermark(120); // The sources start again from behind: nothing is emitted.
      sessions.send("u", "c", 170);
      assertLate("c", 50, sessions.take());
      sessions.send("u", "d", 171);
      sessions.watermark(221);
      assertEquals(List.of("u [171, 171] d"), sessions.take());
      checkpoint = sessions.snapshot();
    }
    try (TestingSessions sessions = TestingSessions.ids(50, 0).restore(1, checkpoint).open()) {
      sessions.send("u", "e", 171);
      assertLate("e", 50, sessions.take());
      assertEquals(3, sessions.count("late"));
    }
  }

  @Test
  void afterARestoreASessionWithinTheLatenessIsCorrectedAndRetracted() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingSessions sessions = TestingSessions.ids(50, 100).open()) {
      sessions.send("u", "a", 150);
      sessions.watermark(220);
      sessions.send("v", "b", 150);
      sessions.send("v", "c", 190); // Was emitted, and is open again.
      assertEquals(List.of("u [150, 150] a", "v [150, 150] b"), sessions.take());
      checkpoint = sessions.snapshot();
    }
    try (TestingSessions sessions = TestingSessions.ids(50, 100).restore(1, checkpoint).open()) {
      sessions.send("u", "d", 130);
      assertEquals(List.of("u no 150", "u [130, 150] a d"), sessions.take());
      sessions.send("v", "e", 140);
      assertEquals(List.of("v no 150"), sessions.take());
      sessions.watermark(240);
      assertEquals(List.of("v [140, 190] b c e"), sessions.take());
      sessions.watermark(340);
      assertEquals(List.of(), sessions.take());
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void moreLatenessAfterARestartDoesNotOpenSessionsAgain() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingSessions sessions = TestingSessions.ids(50, 0).open()) {
      sessions.send("u", "a", 150);
      sessions.watermark(220);
      checkpoint = sessions.snapshot();
    }
    try (TestingSessions sessions = TestingSessions.ids(50, 100).restore(1, checkpoint).open()) {
      sessions.send("u", "b", 150); // Its session was emitted, and its contents are gone.
      assertLate("b", 70, sessions.take());
      sessions.watermark(300);
      sessions.send("u", "c", 210);
      assertEquals(List.of("u [210, 210] c"), sessions.take());
      sessions.watermark(360);
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void lessLatenessAfterARestartLeavesNothingBehind() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingSessions sessions = TestingSessions.ids(50, 100).open()) {
      for (int i = 0; i < 5; i++) {
        sessions.send("u", "a" + i, 150 + i);
        sessions.send("v", "a" + i, 150 + i);
      }
      sessions.watermark(220);
      checkpoint = sessions.snapshot();
    }
    try (TestingSessions sessions = TestingSessions.ids(50, 10).restore(1, checkpoint).open()) {
      sessions.send("u", "b", 154);
      assertLate("b", 66, sessions.take());
      assertEquals(1, sessions.entries("emitted")); // Who comes by a closed one clears it away.
      assertEquals(1, sessions.entries("overflow"));
      sessions.watermark(304);
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void aLongerTimeoutAfterARestartJoinsWhatIsOpen() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingSessions sessions = TestingSessions.ids(10, 0).open()) {
      for (int i = 0; i < 3; i++) {
        sessions.send("u", "a" + i, 100 + 20L * i);
      }
      checkpoint = sessions.snapshot();
    }
    try (TestingSessions sessions = TestingSessions.ids(30, 0).restore(1, checkpoint).open()) {
      sessions.send("u", "b", 130);
      sessions.watermark(169);
      assertEquals(List.of(), sessions.take());
      sessions.watermark(170);
      assertEquals(List.of("u [100, 140] a0 a1 a2 b"), sessions.take());
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void oneSubtaskBecomesTwoAndOneAgain() throws Exception {
    OperatorSubtaskState one;
    try (TestingSessions sessions = TestingSessions.ids(50, 30).open()) {
      for (String user : users()) {
        sessions.send(user, "a", 100);
        sessions.send(user, "b", 200);
      }
      sessions.watermark(160);
      assertEquals(users().size(), sessions.take().size());
      one = sessions.snapshot();
    }
    OperatorSubtaskState[] two = new OperatorSubtaskState[2];
    for (int subtask = 0; subtask < 2; subtask++) {
      try (TestingSessions sessions =
          TestingSessions.ids(50, 30).subtask(subtask, 2).restore(1, one).open()) {
        for (String user : usersOf(subtask)) {
          sessions.send(user, "late", 49);
          assertLate("late", 111, sessions.take());
          sessions.send(user, "c", 90);
          assertEquals(List.of(user + " no 100", user + " [90, 100] a c"), sessions.take());
        }
        two[subtask] = sessions.snapshot();
      }
    }
    try (TestingSessions sessions = TestingSessions.ids(50, 30).restore(2, two).open()) {
      sessions.watermark(Long.MAX_VALUE);
      assertEquals(
          users().stream().map(user -> user + " [200, 200] b").sorted().toList(),
          sessions.take().stream().sorted().toList());
      assertTrue(sessions.isEmpty());
      assertEquals(3L * users().size(), sessions.count("used"));
      assertEquals(users().size(), sessions.count("late"));
    }
  }

  @Test
  void aCheckpointBeingWrittenDoesNotSeeLaterEvents() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingSessions sessions = TestingSessions.ids(50, 100).open()) {
      sessions.send("u", "a", 150);
      sessions.watermark(210);
      sessions.send("u", "b", 250);
      sessions.take();
      OperatorSnapshotFutures checkpointing = sessions.beginSnapshot();
      for (int i = 0; i < 4; i++) {
        sessions.send("u", "emitted, after the barrier " + i, 140);
        sessions.send("u", "open, after the barrier " + i, 260);
      }
      // The asynchronous part runs here, after both sessions were changed in place.
      checkpoint = TestingSessions.finish(checkpointing);
    }
    try (TestingSessions sessions = TestingSessions.ids(50, 100).restore(1, checkpoint).open()) {
      sessions.send("u", "c", 151);
      assertEquals(List.of("u [150, 151] a c"), sessions.take());
      sessions.watermark(Long.MAX_VALUE);
      assertEquals(List.of("u [250, 250] b"), sessions.take());
      assertTrue(sessions.isEmpty());
    }
  }

  private static List<String> users() {
    return List.of("ann", "bob", "cid", "dan", "eve", "fay", "gus", "hal");
  }

  private static List<String> usersOf(int subtask) {
    List<String> users =
        users().stream()
            .filter(
                user ->
                    KeyGroupRangeAssignment.assignKeyToParallelOperator(
                            user, TestingSessions.MAX_PARALLELISM, 2)
                        == subtask)
            .toList();
    assertFalse(users.isEmpty());
    return users;
  }

  private static void assertLate(String id, long by, List<String> emitted) {
    assertEquals(1, emitted.size());
    String start = "{\"analysis\":\"ids\",\"late_by_ms\":%d,\"event\":{\"event_id\":\"%s\",";
    String expected = start.formatted(by, id);
    assertEquals(expected, emitted.get(0).substring(0, expected.length()));
  }
}
