package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

class PaneOperatorTest {
  @Test
  void tumblingWindowHoldsItsStartAndNotItsEnd() throws Exception {
    try (TestingWindows windows = TestingWindows.ids(100, 100, 0).open()) {
      windows.send("k", "before", 99);
      windows.send("k", "first", 100);
      windows.send("k", "last", 199);
      windows.send("k", "after", 200);
      windows.watermark(Long.MAX_VALUE);

      assertEquals(
          List.of("k [0, 100) before", "k [100, 200) first last", "k [200, 300) after"),
          windows.take());
    }
  }

  @Test
  void windowFiresOnceWhenTheWatermarkReachesItsLastMillisecond() throws Exception {
    try (TestingWindows windows = TestingWindows.ids(100, 100, 0).open()) {
      windows.send("k", "a", 100);
      windows.send("j", "b", 150);
      windows.watermark(198);
      assertEquals(List.of(), windows.take());

      windows.send("k", "c", 199); // Behind nothing: the watermark has not reached it.
      windows.send("k", "d", 120); // Out of order, in time.
      windows.watermark(199);
      assertEquals(
          List.of("j [100, 200) b", "k [100, 200) a c d"),
          windows.take().stream().sorted().toList());

      windows.watermark(200);
      windows.watermark(Long.MAX_VALUE);
      assertEquals(List.of(), windows.take());
    }
  }

  @Test
  void resultHasTheLastMillisecondAsTimestamp() throws Exception {
    try (TestingWindows windows = TestingWindows.ids(200, 100, 0).open()) {
      windows.send("k", "a", 120);
      windows.watermark(Long.MAX_VALUE);
      assertEquals(
          List.of(199L, 299L),
          windows.takeRecords().stream().map(StreamRecord::getTimestamp).toList());
    }
  }

  @Test
  void eventOfAnEmittedWindowIsLate() throws Exception {
    try (TestingWindows windows = TestingWindows.ids(100, 100, 0).open()) {
      windows.send("k", "a", 110);
      windows.watermark(199);
      windows.take();
      Event late = TestingEvents.event("k", "b", 199);
      windows.send(late);

      StreamRecord<OutputRecord> record = windows.takeRecords().get(0);
      assertEquals(OutputRecord.LATE_EVENTS, record.getValue().output());
      assertEquals(
          "{\"analysis\":\"ids\",\"late_by_ms\":0,\"event\":" + late + "}",
          new String(record.getValue().value(), StandardCharsets.UTF_8));
      assertEquals(199, record.getTimestamp());
      windows.watermark(Long.MAX_VALUE);
      assertEquals(List.of(), windows.take());
      assertCounts(windows, 1, 1, 0);
      assertEmpty(windows);
    }
  }

  @Test
  void whetherAnEventIsLateDependsOnItsWindowAlone() throws Exception {
    try (TestingWindows windows = TestingWindows.ids(100, 100, 0).open()) {
      windows.watermark(250);
      windows.send("never seen", "a", 199); // Its window is over, although it never had an event.
      windows.send("never seen", "b", 200); // Behind the watermark, but its window is open.
      windows.watermark(299);

      List<String> emitted = windows.take();
      assertEquals(2, emitted.size());
      assertEquals("never seen [200, 300) b", emitted.get(1));
      assertCounts(windows, 1, 1, 0);
    }
  }

  @Test
  void allowedLatenessCorrectsAWindowUntilItIsClosed() throws Exception {
    try (TestingWindows windows = TestingWindows.ids(100, 100, 50).open()) {
      windows.send("k", "a", 110);
      windows.watermark(199);
      assertEquals(List.of("k [100, 200) a"), windows.take());
      windows.send("k", "b", 120);
      assertEquals(List.of("k [100, 200) a b"), windows.take());
      windows.watermark(248);
      windows.send("k", "c", 199);
      assertEquals(List.of("k [100, 200) a b c"), windows.take());
      assertEquals(1, windows.panes());

      windows.watermark(249);
      assertEmpty(windows);
      windows.send("k", "d", 199);
      assertEquals(1, windows.take().size());
      assertCounts(windows, 3, 1, 0);
      assertEmpty(windows);
    }
  }

  @Test
  void lateEventWithinTheLatenessMayBeTheFirstOfItsWindow() throws Exception {
    try (TestingWindows windows = TestingWindows.ids(100, 100, 50).open()) {
      windows.watermark(220);
      windows.send("k", "a", 130);
      assertEquals(List.of("k [100, 200) a"), windows.take());
      windows.watermark(Long.MAX_VALUE);
      assertEquals(List.of(), windows.take());
      assertEmpty(windows);
    }
  }

  @Test
  void slidingWindowsShareTheirPanes() throws Exception {
    try (TestingWindows windows = TestingWindows.ids(300, 100, 0).open()) {
      windows.send("k", "a", 150);
      windows.send("k", "b", 250);
      windows.send("k", "c", 550);
      assertEquals(3, windows.panes());
      windows.watermark(349);
      assertEquals(List.of("k [-100, 200) a", "k [0, 300) a b"), windows.take());
      windows.watermark(Long.MAX_VALUE);
      assertEquals(
          List.of(
              "k [100, 400) a b",
              "k [200, 500) b",
              "k [300, 600) c",
              "k [400, 700) c",
              "k [500, 800) c"),
          windows.take());
      assertEmpty(windows);
    }
  }

  @Test
  void slidingEventIsUsedInTheWindowsThatAreStillOpen() throws Exception {
    try (TestingWindows windows = TestingWindows.ids(300, 100, 0).open()) {
      windows.send("k", "a", 150);
      windows.watermark(299);
      assertEquals(List.of("k [-100, 200) a", "k [0, 300) a"), windows.take());

      windows.send("k", "old pane", 160);
      windows.send("k", "new pane", 250);
      windows.send("k", "in time", 300);
      assertCounts(windows, 4, 0, 2);
      windows.send("k", "late", 99);
      assertCounts(windows, 4, 1, 2);
      assertEquals(1, windows.take().size());

      windows.watermark(499);
      assertEquals(
          List.of("k [100, 400) a in time new pane old pane", "k [200, 500) in time new pane"),
          windows.take());
    }
  }

  @Test
  void slidingWindowsAreCorrectedWithinTheLateness() throws Exception {
    try (TestingWindows windows = TestingWindows.ids(300, 100, 100).open()) {
      windows.send("k", "a", 150);
      windows.watermark(299);
      windows.take();

      // [-100, 200) is closed, [0, 300) fires again, [100, 400) is to come.
      windows.send("k", "b", 160);
      assertEquals(List.of("k [0, 300) a b"), windows.take());
      assertCounts(windows, 2, 0, 1);
      windows.watermark(399);
      assertEquals(List.of("k [100, 400) a b"), windows.take());
      windows.watermark(498);
      assertEquals(1, windows.panes());
      windows.watermark(499);
      assertEmpty(windows);
    }
  }

  @Test
  void aPaneNeedsOneTimerHoweverManyWindowsContainIt() throws Exception {
    try (TestingWindows windows = TestingWindows.ids(60_000, 100, 0).open()) {
      windows.send("k", "a", 1_000_000);
      windows.send("k", "b", 1_000_001);
      assertEquals(1, windows.timers());
      windows.watermark(1_020_000);
      assertEquals(200, windows.take().size());
      assertEquals(1, windows.timers());
      windows.watermark(Long.MAX_VALUE);
      assertEquals(400, windows.take().size());
      assertEmpty(windows);
    }
  }

  @Test
  void aKeyThatFellSilentLeavesNothing() throws Exception {
    for (long lateness : new long[] {0, 70}) {
      try (TestingWindows windows = TestingWindows.ids(300, 100, lateness).open()) {
        for (int i = 0; i < 50; i++) {
          windows.send("silent " + i, "a", 1000 + i);
        }
        windows.send("active", "b", 5000);
        assertEquals(51, windows.panes());
        windows.watermark(1299 + lateness);
        assertEquals(1, windows.panes());
        assertEquals(1, windows.timers());
      }
    }
  }

  @Test
  void sizeMustBeAMultipleOfTheSlide() {
    assertThrows(IllegalArgumentException.class, () -> TestingWindows.ids(100, 30, 0));
  }

  private static void assertCounts(TestingWindows windows, long used, long late, long partial) {
    assertEquals(
        List.of(used, late, partial),
        List.of(windows.count("used"), windows.count("late"), windows.count("partial")));
  }

  private static void assertEmpty(TestingWindows windows) {
    assertEquals(0, windows.panes());
    assertEquals(0, windows.timers());
  }
}
