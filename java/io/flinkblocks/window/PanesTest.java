package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PanesTest {
  private static final long FAR = 253402300800000L;

  @Test
  void windowsAreAlignedToTheEpoch() {
    Panes minute = new Panes(60_000, 60_000, 0);
    assertEquals(1_700_000_040_000L, minute.paneOf(1_700_000_040_000L));
    assertEquals(1_700_000_040_000L, minute.paneOf(1_700_000_099_999L));
    assertEquals(1_700_000_100_000L, minute.paneOf(1_700_000_100_000L));
    assertEquals(new Window(0, 60_000), minute.windowAt(minute.paneOf(1)));
    assertEquals(-60_000, minute.paneOf(-1));
  }

  @Test
  void slidingWindowsNearTheEpochStartBeforeIt() {
    Panes panes = new Panes(300, 100, 0);
    assertEquals(new Window(-200, 100), panes.firstWindowOf(0));
    assertEquals(new Window(0, 300), panes.lastWindowOf(0));
  }

  @Test
  void windowIsOverAtItsLastMillisecondAndClosesAfterTheLateness() {
    Panes panes = new Panes(100, 100, 30);
    Window window = new Window(100, 200);
    assertFalse(window.isOverAt(198));
    assertTrue(window.isOverAt(199));
    assertEquals(229, panes.closingTime(window));
  }

  @Test
  void whatCannotBeCutIsRefused() {
    assertRefused("the slide must be positive, not 0 ms", 100, 0, 0);
    assertRefused("the slide must be positive, not -100 ms", 100, -100, 0);
    assertRefused("the window size must be a multiple of the slide: 100 ms, 30 ms", 100, 30, 0);
    assertRefused("the window size must be a multiple of the slide: 50 ms, 100 ms", 50, 100, 0);
    assertRefused("the window size must be a multiple of the slide: 0 ms, 100 ms", 0, 100, 0);
    assertRefused("no such allowed lateness: -1 ms", 100, 100, -1);
    assertRefused("no such allowed lateness: 9223372036854775807 ms", 100, 100, Long.MAX_VALUE);
  }

  private static void assertRefused(String message, long size, long slide, long lateness) {
    var e = assertThrows(IllegalArgumentException.class, () -> new Panes(size, slide, lateness));
    assertEquals(message, e.getMessage());
  }

  @Property
  void firstAndLastWindowOfAPaneAreTheFirstAndLastThatContainTheEvent(
      @ForAll @LongRange(min = -1000, max = FAR) long timestamp,
      @ForAll @IntRange(min = 1, max = 100) int slide,
      @ForAll @IntRange(min = 1, max = 20) int perWindow) {
    Panes panes = new Panes((long) slide * perWindow, slide, 0);
    long pane = panes.paneOf(timestamp);
    Window first = panes.firstWindowOf(pane);
    Window last = panes.lastWindowOf(pane);

    assertTrue(contains(first, timestamp) && contains(last, timestamp));
    assertFalse(contains(panes.windowAt(first.start() - slide), timestamp));
    assertFalse(contains(panes.next(last), timestamp));
    assertEquals((long) slide * (perWindow - 1), last.start() - first.start());
    assertEquals(0, Math.floorMod(first.start(), slide));
  }

  @Property
  void firstUnfiredWindowIsTheFirstThatTheWatermarkHasNotReached(
      @ForAll @LongRange(min = -200, max = 2000) long pane,
      @ForAll @LongRange(min = -2000, max = 4000) long watermark,
      @ForAll @IntRange(min = 1, max = 100) int slide,
      @ForAll @IntRange(min = 1, max = 20) int perWindow) {
    Panes panes = new Panes((long) slide * perWindow, slide, 0);
    long start = panes.paneOf(pane);
    Window expected = panes.firstWindowOf(start);
    while (expected.end() - 1 <= watermark) {
      expected = panes.next(expected);
    }
    assertEquals(expected, panes.firstUnfiredOf(start, watermark));
    assertEquals(panes.firstWindowOf(start), panes.firstUnfiredOf(start, Long.MIN_VALUE));
  }

  private static boolean contains(Window window, long timestamp) {
    return window.start() <= timestamp && timestamp < window.end();
  }
}
