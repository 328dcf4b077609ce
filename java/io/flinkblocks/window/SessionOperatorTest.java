package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

class SessionOperatorTest {
  private static final long LAST_TIMESTAMP = 253402300799999L;

  @Test
  void aGapOfTheTimeoutJoinsAndALongerOneDoesNot() throws Exception {
    try (TestingSessions sessions = TestingSessions.ids(50, 0).open()) {
      sessions.send("u", "a", 100);
      sessions.send("u", "b", 150);
      sessions.send("u", "c", 201);
      sessions.send("v", "d", 120);
      sessions.watermark(Long.MAX_VALUE);

      assertEquals(
          List.of("u [100, 150] a b", "u [201, 201] c", "v [120, 120] d"),
          sessions.take().stream().sorted().toList());
    }
  }

  @Test
  void aSessionIsEmittedOnceWhenTheWatermarkReachesItsLastEventAndTheTimeout() throws Exception {
    try (TestingSessions sessions = TestingSessions.ids(50, 0).open()) {
      sessions.send("u", "a", 100);
      sessions.send("u", "b", 120);
      sessions.watermark(169);
      assertEquals(List.of(), sessions.take());
      sessions.watermark(170);
      assertEquals(List.of("u [100, 120] a b"), sessions.take());
      sessions.watermark(Long.MAX_VALUE);
      assertEquals(List.of(), sessions.take());
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void anEventAheadOfTheWatermarkJoinsAtExactlyTheGap() throws Exception {
    try (TestingSessions sessions = TestingSessions.ids(50, 0).open()) {
      sessions.send("u", "a", 100);
      sessions.watermark(149);
      sessions.send("u", "b", 150);
      sessions.watermark(Long.MAX_VALUE);
      assertEquals(List.of("u [100, 150] a b"), sessions.take());
    }
  }

  @Test
  void resultHasTheTimeAtWhichTheSessionIsOverAsTimestamp() throws Exception {
    try (TestingSessions sessions = TestingSessions.ids(50, 0).open()) {
      sessions.send("u", "a", 100);
      sessions.watermark(Long.MAX_VALUE);
      assertEquals(
          List.of(150L), sessions.takeRecords().stream().map(StreamRecord::getTimestamp).toList());
    }
  }

  @Test
  void anEventBetweenTwoSessionsMakesThemOne() throws Exception {
    try (TestingSessions sessions = TestingSessions.ids(50, 0).open()) {
      sessions.send("u", "c", 300);
      sessions.send("u", "d", 310);
      sessions.send("u", "a", 200);
      sessions.send("u", "other", 500);
      assertEquals(1, sessions.entries("open"));
      sessions.send("u", "b", 250);
      sessions.watermark(Long.MAX_VALUE);
      assertEquals(List.of("u [200, 310] a b c d", "u [500, 500] other"), sessions.take());
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void aKeyNeedsOneTimerHoweverManyEventsItsSessionHas() throws Exception {
    try (TestingSessions sessions = TestingSessions.ids(1_000, 0).open()) {
      for (int i = 0; i < 5_000; i++) {
        sessions.send("u", "e" + i, 1_000 + i);
        sessions.watermark(i);
        assertEquals(1, sessions.timers());
      }
      assertEquals(List.of(), sessions.take());
      sessions.watermark(6_999);
      assertEquals(1, sessions.take().size());
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void aKeyThatFellSilentLeavesNothing() throws Exception {
    for (long lateness : new long[] {0, 70}) {
      try (TestingSessions sessions = TestingSessions.ids(300, lateness).open()) {
        for (int i = 0; i < 50; i++) {
          for (int event = 0; event < 5; event++) { // Three of them overflow.
            sessions.send("silent " + i, "e" + event, 1_000 + i + event);
          }
        }
        sessions.send("active", "b", 5_000);
        assertEquals(51, sessions.entries("open"));
        assertEquals(51, sessions.timers());
        sessions.watermark(1_353 + lateness);
        assertEquals(1, sessions.entries("open"));
        assertEquals(0, sessions.entries("emitted"));
        assertEquals(0, sessions.entries("overflow"));
        assertEquals(1, sessions.timers());
      }
    }
  }

  @Test
  void theFirstAndTheLastTimestampMakeSessionsLikeOthers() throws Exception {
    long day = 86_400_000;
    try (TestingSessions sessions = TestingSessions.ids(day, day).open()) {
      sessions.send("u", "a", 1);
      sessions.send("u", "y", LAST_TIMESTAMP - day);
      sessions.send("u", "z", LAST_TIMESTAMP);
      sessions.watermark(Long.MAX_VALUE);
      assertEquals(
          List.of("u [1, 1] a", "u [%d, %d] y z".formatted(LAST_TIMESTAMP - day, LAST_TIMESTAMP)),
          sessions.take());
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void theLargestTimeoutAndLatenessMakeOneSession() throws Exception {
    try (TestingSessions sessions =
        TestingSessions.ids(Long.MAX_VALUE / 4, Long.MAX_VALUE / 2).open()) {
      sessions.send("u", "a", 1);
      sessions.send("u", "z", LAST_TIMESTAMP);
      sessions.watermark(LAST_TIMESTAMP + 1);
      sessions.send("u", "b", 2);
      sessions.watermark(Long.MAX_VALUE);
      assertEquals(List.of("u [1, %d] a b z".formatted(LAST_TIMESTAMP)), sessions.take());
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void manyEmittedSessionsOfAKeyAreApartFromTheOpenOne() throws Exception {
    int many = 600;
    try (TestingSessions sessions =
        TestingSessions.ids(10, 1_000_000).backend(new EmbeddedRocksDBStateBackend()).open()) {
      for (int i = 0; i < many; i++) {
        sessions.send("u", "e" + i, 100L * (i + 1));
        sessions.watermark(100L * (i + 1));
      }
      assertEquals(many - 1, sessions.take().size());
      sessions.send("u", "late", 50_005);
      assertEquals(List.of("u [50000, 50005] e499 late"), sessions.take());
      sessions.watermark(Long.MAX_VALUE);
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void timeoutMustBePositive() {
    assertThrows(IllegalArgumentException.class, () -> TestingSessions.ids(0, 0));
    assertThrows(IllegalArgumentException.class, () -> TestingSessions.ids(Long.MAX_VALUE, 0));
    assertThrows(IllegalArgumentException.class, () -> TestingSessions.ids(1, -1));
  }
}
