package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flinkblocks.output.OutputRecord;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

/** Revisions, early firings, and the comparison with the window one size earlier. */
class PaneOperatorFiringTest {
  private static TestingOperator.Builder<TestingWindows> windows(
      long size, long slide, long lateness, long early) {
    var aggregator = new TestingRollingIds(100);
    var firing = new EarlyFiring(early);
    return TestingWindows.of(
        "ids", new PaneOperator<>("ids", aggregator, size, slide, lateness, firing));
  }

  @Test
  void correctionsAreCountedFromZero() throws Exception {
    try (TestingWindows windows = windows(100, 100, 50, 0).open()) {
      windows.send("k", "a", 110);
      windows.watermark(199);
      windows.send("k", "b", 120);
      windows.send("k", "c", 130);
      assertEquals(
          List.of("k [100, 200) a r0", "k [100, 200) a b r1", "k [100, 200) a b c r2"),
          windows.take());
      assertEmpty(windows, 350);
    }
  }

  @Test
  void theFirstEventOfAWindowThatIsOverMakesItsFirstResult() throws Exception {
    try (TestingWindows windows = windows(100, 100, 50, 0).open()) {
      windows.watermark(220);
      windows.send("k", "a", 130);
      windows.send("k", "b", 130);
      assertEquals(List.of("k [100, 200) a r0", "k [100, 200) a b r1"), windows.take());
      assertEmpty(windows, 350);
    }
  }

  @Test
  void aCorrectionOfEveryWindowOfAPane() throws Exception {
    try (TestingWindows windows = windows(200, 100, 100, 0).open()) {
      windows.send("k", "a", 110);
      windows.watermark(250);
      assertEquals(List.of("k [0, 200) a r0"), windows.take());
      windows.send("k", "b", 120); // [100, 300) is still open.
      assertEquals(List.of("k [0, 200) a b r1"), windows.take());
      windows.watermark(299);
      assertEquals(List.of("k [100, 300) a b r0"), windows.take()); // Nothing in [-100, 100).
      windows.send("k", "c", 130); // [0, 200) is closed: the lateness is over.
      windows.send("k", "d", 210);
      assertEquals(List.of("k [100, 300) a b c r1", "k [100, 300) a b c d r2"), windows.take());
      assertEquals(1, windows.count("partial"));
      windows.watermark(399);
      assertEquals(List.of("k [200, 400) d r0 before 2"), windows.take());
      assertEmpty(windows, 700);
    }
  }

  @Test
  void aWindowIsComparedWithTheOneAWholeSizeEarlier() throws Exception {
    try (TestingWindows windows = windows(200, 100, 0, 0).open()) {
      windows.send("k", "a", 50);
      windows.send("k", "b", 150);
      windows.send("k", "c", 350);
      windows.send("j", "d", 150);
      windows.watermark(499);
      assertEquals(
          List.of(
              "j [0, 200) d r0",
              "j [100, 300) d r0",
              "k [-100, 100) a r0",
              "k [0, 200) a b r0",
              "k [100, 300) b r0 before 1",
              "k [200, 400) c r0 before 2",
              "k [300, 500) c r0 before 1"),
          windows.take().stream().sorted().toList());
      assertEmpty(windows, 700);
    }
  }

  @Test
  void aLaterCorrectionOfTheEarlierWindowDoesNotFireTheLaterOne() throws Exception {
    try (TestingWindows windows = windows(100, 100, 150, 0).open()) {
      windows.send("k", "a", 50);
      windows.send("k", "b", 150);
      windows.watermark(199);
      assertEquals(List.of("k [0, 100) a r0", "k [100, 200) b r0 before 1"), windows.take());
      windows.send("k", "c", 60);
      assertEquals(List.of("k [0, 100) a c r1"), windows.take());
      windows.send("k", "d", 160); // Its own correction sees what is known now.
      assertEquals(List.of("k [100, 200) b d r1 before 2"), windows.take());
      assertEmpty(windows, 450);
    }
  }

  @Test
  void earlyResultsAtEveryMultipleOfTheInterval() throws Exception {
    try (TestingWindows windows = windows(100, 100, 0, 30).open()) {
      windows.send("k", "a", 100);
      windows.watermark(118);
      assertEquals(List.of(), windows.take());
      windows.watermark(119); // All events before 120 are there.
      List<StreamRecord<OutputRecord>> early = windows.takeRecords();
      assertEquals(119, early.get(0).getTimestamp());
      windows.send("k", "b", 140);
      windows.watermark(149);
      assertEquals(List.of("k [100, 200) a b early"), windows.take());
      windows.watermark(199);
      assertEquals(
          List.of("k [100, 200) a b early", "k [100, 200) a b r0"),
          windows.take().stream().sorted().toList());
      assertEmpty(windows, 300);
    }
  }

  @Test
  void earlyResultsOfAllOpenWindowsThatHaveBegun() throws Exception {
    try (TestingWindows windows = windows(200, 100, 0, 50).open()) {
      windows.send("k", "a", 110);
      windows.send("k", "ahead", 410); // Its windows have not begun.
      windows.watermark(149);
      assertEquals(
          List.of(
              "k [0, 200) a early",
              "k [0, 200) a early",
              "k [0, 200) a early",
              "k [100, 300) a early"),
          windows.take().stream().sorted().toList());
      windows.watermark(199); // At 200 the first is over, and the one that begins has no event.
      assertEquals(
          List.of("k [0, 200) a r0", "k [100, 300) a early"),
          windows.take().stream().sorted().toList());
      windows.watermark(Long.MAX_VALUE);
      assertEquals(
          List.of(
              "k [100, 300) a early",
              "k [100, 300) a r0",
              "k [300, 500) ahead early before 1",
              "k [300, 500) ahead early before 1",
              "k [300, 500) ahead early before 1",
              "k [300, 500) ahead r0 before 1",
              "k [400, 600) ahead early",
              "k [400, 600) ahead early",
              "k [400, 600) ahead early",
              "k [400, 600) ahead r0"),
          windows.take().stream().sorted().toList());
      assertEmpty(windows, Long.MAX_VALUE);
    }
  }

  @Test
  void aWindowThatBeginsAtAMultipleHasNothingToTellYet() throws Exception {
    try (TestingWindows windows = windows(100, 100, 0, 50).open()) {
      windows.send("k", "a", 100);
      windows.watermark(99);
      assertEquals(List.of(), windows.take());
      windows.watermark(Long.MAX_VALUE);
      assertEquals(List.of("k [100, 200) a early", "k [100, 200) a r0"), windows.take());
    }
  }

  @Test
  void revisionsAndAmountsOutliveARestart() throws Exception {
    OperatorSubtaskState state;
    try (TestingWindows windows = windows(200, 100, 100, 50).open()) {
      windows.send("k", "a", 110);
      windows.watermark(299);
      windows.take();
      state = windows.snapshot();
    }
    try (TestingWindows windows = windows(200, 100, 100, 50).restore(1, state).open()) {
      windows.watermark(299);
      windows.send("k", "b", 150);
      assertEquals(List.of("k [100, 300) a b r1"), windows.take()); // [0, 200) is closed.
      windows.send("k", "c", 300);
      windows.watermark(399);
      assertEquals(
          List.of(
              "k [200, 400) c early before 1",
              "k [200, 400) c r0 before 1",
              "k [300, 500) c early before 2",
              "k [300, 500) c early before 2"),
          windows.take().stream().sorted().toList());
      assertEmpty(windows, Long.MAX_VALUE);
    }
  }

  @Test
  void earlyFiringsEndWhenTheJobGoesOnWithoutThem() throws Exception {
    OperatorSubtaskState state;
    try (TestingWindows windows = windows(100, 100, 0, 30).open()) {
      windows.send("k", "a", 100);
      state = windows.snapshot();
    }
    try (TestingWindows windows = windows(100, 100, 0, 0).restore(1, state).open()) {
      windows.watermark(Long.MAX_VALUE);
      assertEquals(List.of("k [100, 200) a r0"), windows.take());
      assertEmpty(windows, Long.MAX_VALUE);
    }
    try (TestingWindows windows = windows(100, 100, 0, 50).restore(1, state).open()) {
      windows.watermark(119); // A multiple of the interval of before.
      assertEquals(List.of(), windows.take());
      windows.watermark(Long.MAX_VALUE);
      assertEquals(List.of("k [100, 200) a early", "k [100, 200) a r0"), windows.take());
      assertEmpty(windows, Long.MAX_VALUE);
    }
  }

  @Test
  void aSumBehindTheWatermarkIsRefused() throws Exception {
    try (TestingWindows windows = windows(200, 100, 500, 0).open()) {
      windows.watermark(199);
      var sum = new PanePart<>("k", null, 100, 1, List.of("a"));
      assertThrows(IllegalStateException.class, () -> windows.process(sum, 0));
      windows.process(new PanePart<>("k", null, 200, 1, List.of("b")), 0);
      windows.watermark(299);
      assertEquals(List.of("k [100, 300) b r0"), windows.take());
    }
  }

  /** Nothing is left of any key at a watermark. */
  private static void assertEmpty(TestingWindows windows, long watermark) throws Exception {
    windows.watermark(watermark);
    windows.take();
    assertEquals(0, windows.panes());
    assertEquals(0, windows.entries("fired"));
    assertEquals(0, windows.timers());
  }
}
