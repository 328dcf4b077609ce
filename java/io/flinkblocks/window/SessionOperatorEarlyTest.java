package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

/** What open sessions emit before they are over. */
class SessionOperatorEarlyTest {
  private static final long LAST_TIMESTAMP = 253402300799999L;

  @Test
  void anOpenSessionEmitsAtEveryMultipleOfTheIntervalAndThenItsFinalResult() throws Exception {
    try (TestingSessions sessions = TestingSessions.firings(100, 0, 60).open()) {
      sessions.send("u", "a", 100);
      sessions.watermark(118);
      assertEquals(List.of(), sessions.take());
      sessions.watermark(119);
      assertEquals(List.of("u [100, 100] a, early"), sessions.take());
      sessions.send("u", "b", 150);
      sessions.watermark(178);
      assertEquals(List.of(), sessions.take());
      sessions.watermark(179);
      List<StreamRecord<?>> records = List.copyOf(sessions.takeRecords());
      assertEquals(179, records.get(0).getTimestamp());
      sessions.watermark(249);
      assertEquals(List.of("u [100, 150] a b, early"), sessions.take()); // At 239.
      sessions.watermark(250);
      assertEquals(List.of("u [100, 150] a b, revision 0"), sessions.take());
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void aSessionMustHaveBegunAndMustNotBeOver() throws Exception {
    try (TestingSessions sessions = TestingSessions.firings(100, 0, 60).open()) {
      sessions.send("begun", "a", 119);
      sessions.send("not begun", "a", 120);
      sessions.send("over then", "a", 79);
      sessions.send("not over", "a", 80);
      sessions.watermark(119);
      assertEquals(
          List.of(
              "begun [119, 119] a, early",
              "not over [80, 80] a, early",
              "over then [79, 79] a, early"),
          sessions.take().stream().sorted().toList());
      sessions.watermark(179);
      assertEquals(
          List.of(
              "begun [119, 119] a, early",
              "not begun [120, 120] a, early",
              "not over [80, 80] a, early",
              "over then [79, 79] a, revision 0"),
          sessions.take().stream().sorted().toList());
      sessions.watermark(220);
      sessions.take();
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void anEarlyRecordIsRetractedWhenTheStartChanges() throws Exception {
    try (TestingSessions sessions = TestingSessions.firings(100, 0, 60).open()) {
      sessions.send("u", "c", 140);
      sessions.watermark(179);
      assertEquals(List.of("u [140, 140] c, early"), sessions.take());
      sessions.send("u", "b", 110); // Behind the watermark.
      assertEquals(List.of("u no 140"), sessions.take());
      sessions.send("u", "a", 105); // Nothing is published.
      assertEquals(List.of(), sessions.take());
      sessions.watermark(Long.MAX_VALUE);
      assertEquals(
          List.of("u [105, 140] a b c, early", "u [105, 140] a b c, revision 0"), sessions.take());
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void anEarlyRecordOfASessionThatBecomesPartOfAnEmittedOneIsRetracted() throws Exception {
    try (TestingSessions sessions = TestingSessions.firings(50, 100, 20).open()) {
      sessions.send("u", "a", 100);
      sessions.send("u", "c", 160);
      sessions.watermark(179);
      assertEquals(
          List.of(
              "u [100, 100] a, early", // At 119.
              "u [100, 100] a, early", // At 139.
              "u [100, 100] a, revision 0",
              "u [160, 160] c, early"), // At 179.
          sessions.take());
      sessions.send("u", "b", 130);
      assertEquals(List.of("u no 160"), sessions.take());
      sessions.watermark(199);
      assertEquals(List.of("u [100, 160] a b c, early"), sessions.take());
      sessions.watermark(210);
      assertEquals(List.of("u [100, 160] a b c, revision 1"), sessions.take());
      sessions.send("u", "late", 160);
      assertEquals(List.of("u [100, 160] a b c late, revision 2"), sessions.take());
      sessions.watermark(310);
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void anEventBeforeTheFirstOpenSessionMakesEarlierOnes() throws Exception {
    try (TestingSessions sessions = TestingSessions.firings(100, 0, 60).open()) {
      sessions.send("u", "far ahead", 500);
      sessions.send("u", "a", 50); // A session of its own.
      sessions.send("v", "b", 130);
      sessions.send("v", "c", 110); // Part of the session.
      sessions.watermark(59);
      assertEquals(List.of("u [50, 50] a, early"), sessions.take());
      sessions.watermark(119);
      assertEquals(
          List.of("u [50, 50] a, early", "v [110, 130] b c, early"),
          sessions.take().stream().sorted().toList());
      sessions.watermark(538);
      sessions.take();
      sessions.watermark(539);
      assertEquals(List.of("u [500, 500] far ahead, early"), sessions.take());
    }
  }

  @Test
  void atTheEndOfTheInputNoTimerFiresForTheTimeBetweenSessions() throws Exception {
    try (TestingSessions sessions = TestingSessions.firings(100, 100, 60).open()) {
      sessions.send("u", "a", 100);
      sessions.send("u", "z", LAST_TIMESTAMP); // Timers for all that time would never end.
      sessions.watermark(Long.MAX_VALUE);
      String last = "u [%d, %d] z".formatted(LAST_TIMESTAMP, LAST_TIMESTAMP);
      assertEquals(
          List.of(
              "u [100, 100] a, early", // At 119.
              "u [100, 100] a, early", // At 179.
              "u [100, 100] a, revision 0",
              last + ", early",
              last + ", early",
              last + ", revision 0"),
          sessions.take());
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void aKeyNeedsTwoTimersAndLeavesNoneWhenItFallsSilent() throws Exception {
    try (TestingSessions sessions = TestingSessions.firings(300, 70, 10_000).open()) {
      for (int i = 0; i < 50; i++) {
        for (int event = 0; event < 5; event++) { // Three of them overflow.
          sessions.send("silent " + i, "e" + event, 1_000 + i + event);
        }
      }
      sessions.send("active", "b", 5_000);
      sessions.send("active", "c", 5_001);
      assertEquals(2 * 51, sessions.timers());
      sessions.watermark(1_353);
      sessions.send("silent 7", "late", 1_053); // An emitted session that is corrected.
      assertEquals(51, sessions.take().size());
      sessions.watermark(1_423);
      assertEquals(1, sessions.entries("open"));
      assertEquals(0, sessions.entries("emitted"));
      assertEquals(0, sessions.entries("overflow"));
      assertEquals(2, sessions.timers());
    }
  }

  @Test
  void afterARestartAnEarlyRecordIsRetractedAndOthersFollow() throws Exception {
    for (StateBackend backend :
        List.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend())) {
      OperatorSubtaskState checkpoint;
      try (TestingSessions sessions = TestingSessions.firings(100, 0, 60).backend(backend).open()) {
        sessions.send("u", "b", 100);
        sessions.watermark(119);
        assertEquals(List.of("u [100, 100] b, early"), sessions.take());
        checkpoint = sessions.snapshot();
      }
      try (TestingSessions sessions =
          TestingSessions.firings(100, 0, 60).backend(backend).restore(1, checkpoint).open()) {
        sessions.send("u", "a", 90);
        assertEquals(List.of("u no 100"), sessions.take());
        sessions.watermark(200);
        assertEquals(
            List.of("u [90, 100] a b, early", "u [90, 100] a b, revision 0"), sessions.take());
        assertTrue(sessions.isEmpty());
      }
    }
  }

  @Test
  void theIntervalMayBeAnotherAfterARestart() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingSessions sessions = TestingSessions.firings(100, 0, 60).open()) {
      sessions.send("u", "a", 110);
      checkpoint = sessions.snapshot();
    }
    for (long interval : new long[] {0, 50, 1_000}) {
      try (TestingSessions sessions =
          TestingSessions.firings(100, 0, interval).restore(1, checkpoint).open()) {
        sessions.watermark(209); // Past 119, where the timer stood, and 149 and 199.
        String early = "u [110, 110] a, early";
        assertEquals(interval == 50 ? List.of(early, early) : List.of(), sessions.take());
        sessions.watermark(210);
        assertEquals(List.of("u [110, 110] a, revision 0"), sessions.take());
        assertTrue(sessions.isEmpty());
      }
    }
  }

  @Test
  void earlyFiringsMayBeginAfterARestart() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingSessions sessions = TestingSessions.firings(100, 0, 0).open()) {
      sessions.send("u", "a", 100);
      checkpoint = sessions.snapshot();
    }
    try (TestingSessions sessions =
        TestingSessions.firings(100, 0, 60).restore(1, checkpoint).open()) {
      sessions.send("u", "b", 150);
      sessions.watermark(200); // The timer that the session has from before.
      assertEquals(List.of(), sessions.take());
      sessions.watermark(250);
      assertEquals(
          List.of("u [100, 150] a b, early", "u [100, 150] a b, revision 0"), sessions.take());
      assertTrue(sessions.isEmpty());
    }
  }
}
