package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

/** Levels of 100, 500 and 1,500 ms. */
class LevelOperatorTest {
  @Test
  void levelsFireFromTheLowestUp() throws Exception {
    try (TestingLevels levels = open(0)) {
      levels.send("k", "a", 10);
      levels.send("k", "c", 499);
      levels.send("k", "b", 120);
      levels.watermark(99);
      assertEquals(List.of("k [0, 100) a r0"), levels.take());
      levels.watermark(498);
      assertEquals(List.of("k [100, 200) b r0"), levels.take());
      levels.watermark(499);
      assertEquals(List.of("k [400, 500) c r0", "k [0, 500) a b c r0"), levels.take());

      levels.send("k", "e", 1499);
      levels.send("k", "d", 700);
      levels.send("k", "f", 1500);
      levels.watermark(Long.MAX_VALUE);
      assertEquals(
          List.of(
              "k [700, 800) d r0",
              "k [500, 1000) d r0",
              "k [1400, 1500) e r0",
              "k [1000, 1500) e r0",
              "k [0, 1500) a b c d e r0",
              "k [1500, 1600) f r0",
              "k [1500, 2000) f r0",
              "k [1500, 3000) f r0"),
          levels.take());
      assertEmpty(levels);
    }
  }

  @Test
  void aHigherWindowMayEndWithoutEventsBelow() throws Exception {
    try (TestingLevels levels = open(0)) {
      levels.send("k", "a", 610);
      levels.watermark(999);
      assertEquals(List.of("k [600, 700) a r0", "k [500, 1000) a r0"), levels.take());
      levels.watermark(1498);
      assertEquals(List.of(), levels.take());
      levels.watermark(1499);
      assertEquals(List.of("k [0, 1500) a r0"), levels.take());
      levels.watermark(Long.MAX_VALUE);
      assertEquals(List.of(), levels.take());
    }
  }

  @Test
  void resultHasTheLastMillisecondAsTimestamp() throws Exception {
    try (TestingLevels levels = open(0)) {
      levels.send("k", "a", 1400);
      levels.watermark(Long.MAX_VALUE);
      List<StreamRecord<OutputRecord>> records = levels.takeRecords();
      assertEquals(
          List.of("k [1400, 1500) a r0", "k [1000, 1500) a r0", "k [0, 1500) a r0"),
          records.stream().map(LevelOperatorTest::value).toList());
      assertEquals(
          List.of(1499L, 1499L, 1499L), records.stream().map(r -> r.getTimestamp()).toList());
    }
  }

  @Test
  void latenessIsAMatterOfTheLowestLevel() throws Exception {
    try (TestingLevels levels = open(0)) {
      levels.send("k", "a", 10);
      levels.watermark(99);
      levels.take();
      Event late = TestingEvents.event("k", "b", 99);
      levels.send(late); // The windows above are open, and yet they do not take it.

      StreamRecord<OutputRecord> record = levels.takeRecords().get(0);
      assertEquals(OutputRecord.LATE_EVENTS, record.getValue().output());
      assertEquals("{\"analysis\":\"ids\",\"late_by_ms\":0,\"event\":" + late + "}", value(record));
      assertEquals(99, record.getTimestamp());
      levels.watermark(Long.MAX_VALUE);
      assertEquals(List.of("k [0, 500) a r0", "k [0, 1500) a r0"), levels.take());
      assertCounts(levels, 1, 1);
    }
  }

  @Test
  void aLateEventCorrectsEveryLevelThatHasFired() throws Exception {
    try (TestingLevels levels = open(2000)) {
      levels.send("k", "a", 10);
      levels.send("k", "z", 450);
      levels.watermark(520);
      levels.take();
      levels.send("k", "b", 20);
      assertEquals(List.of("k [0, 100) a b r1", "k [0, 500) a b z r1"), levels.take());
      levels.watermark(1499);
      assertEquals(List.of("k [0, 1500) a b z r0"), levels.take());
      levels.send("k", "c", 30);
      assertEquals(
          List.of("k [0, 100) a b c r2", "k [0, 500) a b c z r2", "k [0, 1500) a b c z r1"),
          levels.take());
      levels.send("k", "y", 460);
      assertEquals(
          List.of("k [400, 500) y z r1", "k [0, 500) a b c y z r3", "k [0, 1500) a b c y z r2"),
          levels.take());
      levels.watermark(Long.MAX_VALUE);
      assertEquals(List.of(), levels.take());
      assertCounts(levels, 5, 0);
      assertEmpty(levels);
    }
  }

  @Test
  void aLateEventMayBeTheFirstOfItsWindowInOneThatFired() throws Exception {
    try (TestingLevels levels = open(2000)) {
      levels.send("k", "a", 10);
      levels.watermark(1499);
      levels.take();
      levels.send("k", "b", 120);
      assertEquals(
          List.of("k [100, 200) b r0", "k [0, 500) a b r1", "k [0, 1500) a b r1"), levels.take());
      levels.send("k", "c", 510);
      assertEquals(
          List.of("k [500, 600) c r0", "k [500, 1000) c r0", "k [0, 1500) a b c r2"),
          levels.take());
      levels.send("j", "d", 510);
      assertEquals(
          List.of("j [500, 600) d r0", "j [500, 1000) d r0", "j [0, 1500) d r0"), levels.take());
      levels.watermark(Long.MAX_VALUE);
      assertEquals(List.of(), levels.take());
      assertEmpty(levels);
    }
  }

  @Test
  void aLateEventBeforeTheWindowAboveIsOverIsInItsFirstResult() throws Exception {
    try (TestingLevels levels = open(100)) {
      levels.watermark(120);
      levels.send("k", "a", 10);
      assertEquals(List.of("k [0, 100) a r0"), levels.take());
      levels.watermark(499);
      assertEquals(List.of("k [0, 500) a r0"), levels.take());
      levels.watermark(Long.MAX_VALUE);
      assertEquals(List.of("k [0, 1500) a r0"), levels.take());
      assertEmpty(levels);
    }
  }

  @Test
  void theLowestWindowClosesWhileThoseAboveCanBeCorrected() throws Exception {
    try (TestingLevels levels = open(50)) {
      levels.send("k", "a", 10);
      levels.send("k", "z", 410);
      levels.watermark(148);
      levels.send("k", "b", 20);
      assertEquals(List.of("k [0, 100) a r0", "k [0, 100) a b r1"), levels.take());
      levels.watermark(149);
      levels.send("k", "late", 30);
      levels.watermark(548);
      levels.send("k", "y", 420);
      assertEquals(
          List.of(
              "k [400, 500) z r0",
              "k [0, 500) a b z r0",
              "k [400, 500) y z r1",
              "k [0, 500) a b y z r1"),
          levels.take().subList(1, 5));
      assertCounts(levels, 4, 1);
    }
  }

  @Test
  void stateStaysAsLongAsTheWindowAboveCanBeCorrected() throws Exception {
    try (TestingLevels levels = open(50)) {
      levels.send("k", "a", 10);
      levels.watermark(148);
      assertState(levels, List.of(1L, 0L), List.of(1L, 0L, 0L));
      levels.watermark(149);
      assertState(levels, List.of(1L, 0L), List.of(0L, 0L, 0L));
      levels.watermark(548);
      assertState(levels, List.of(1L, 1L), List.of(0L, 1L, 0L));
      levels.watermark(549);
      assertState(levels, List.of(0L, 1L), List.of(0L, 0L, 0L));
      levels.watermark(1548);
      assertState(levels, List.of(0L, 1L), List.of(0L, 0L, 1L));
      levels.watermark(1549);
      assertEmpty(levels);
    }
  }

  @Test
  void withoutLatenessStateStaysUntilTheWindowAboveFires() throws Exception {
    try (TestingLevels levels = open(0)) {
      levels.send("k", "a", 10);
      levels.send("k", "b", 110);
      assertEquals(2, levels.timers());
      levels.watermark(498);
      assertState(levels, List.of(2L, 0L), List.of(0L, 0L, 0L));
      assertEquals(1, levels.timers());
      levels.watermark(499);
      assertState(levels, List.of(0L, 1L), List.of(0L, 0L, 0L));
      assertEquals(1, levels.timers());
      levels.watermark(1499);
      assertEmpty(levels);
    }
  }

  @Test
  void aKeyThatFellSilentLeavesNothing() throws Exception {
    for (long lateness : new long[] {0, 70}) {
      try (TestingLevels levels = open(lateness)) {
        for (int i = 0; i < 50; i++) {
          levels.send("silent " + i, "a", 1000 + i);
        }
        levels.send("active", "b", 5000);
        levels.watermark(1120);
        for (int i = 0; i < 50 && lateness > 0; i++) {
          levels.send("silent " + i, "late", 1099);
        }
        levels.watermark(1499 + lateness);
        assertState(levels, List.of(1L, 0L), List.of(0L, 0L, 0L));
        assertEquals(1, levels.timers());
      }
    }
  }

  @Test
  void eachLevelIsMadeOfWholeWindowsOfTheOneBelow() {
    assertThrows(IllegalArgumentException.class, () -> TestingLevels.ids(0, 100L, 150L));
    assertThrows(IllegalArgumentException.class, () -> TestingLevels.ids(0, 100L, 100L));
    assertThrows(IllegalArgumentException.class, () -> TestingLevels.ids(0, 100L, 0L));
    assertThrows(IllegalArgumentException.class, () -> TestingLevels.ids(0, 100L));
    assertThrows(IllegalArgumentException.class, () -> TestingLevels.ids(-1, 100L, 200L));
  }

  private static TestingLevels open(long lateness) throws Exception {
    return TestingLevels.ids(lateness, 100L, 500L, 1500L).open();
  }

  private static String value(StreamRecord<OutputRecord> record) {
    return new String(record.getValue().value(), StandardCharsets.UTF_8);
  }

  private static void assertCounts(TestingLevels levels, long used, long late) {
    assertEquals(List.of(used, late), List.of(levels.count("used"), levels.count("late")));
  }

  private static void assertState(
      TestingLevels levels, List<Long> accumulators, List<Long> revisions) {
    assertEquals(accumulators, List.of(levels.lowest(), levels.results()));
    assertEquals(revisions, List.of(levels.revisions(0), levels.revisions(1), levels.revisions(2)));
  }

  private static void assertEmpty(TestingLevels levels) {
    assertState(levels, List.of(0L, 0L), List.of(0L, 0L, 0L));
    assertEquals(0, levels.timers());
  }
}
