package io.flinkblocks.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class EventTimeProgressTest {
  private static final long BOUND_MS = 5_000;

  @Test
  void firstEventGivesTheExactWatermark() {
    EventTimeProgress progress = new EventTimeProgress();

    assertEquals(123_456 - BOUND_MS - 1, progress.advance(123_456, BOUND_MS));
    assertEquals(123_456, progress.maxTimestamp());
  }

  @Test
  void emitsOnlyWhenAMultipleOf100MsIsPassed() {
    EventTimeProgress progress = new EventTimeProgress();

    assertEquals(1_010, progress.advance(1_011, 0));
    assertEquals(EventTimeProgress.NONE, progress.advance(1_100, 0));
    assertEquals(1_100, progress.advance(1_101, 0));
  }

  @Test
  void eventThatIsNotTheNewestGivesNothing() {
    EventTimeProgress progress = new EventTimeProgress();
    progress.advance(20_000, BOUND_MS);

    assertEquals(EventTimeProgress.NONE, progress.advance(20_000, BOUND_MS));
    assertEquals(EventTimeProgress.NONE, progress.advance(15_000, BOUND_MS));
    assertEquals(20_000, progress.maxTimestamp());
  }

  @Property
  void watermarksRiseAndStayBehindEveryTimestampByTheBound(
      @ForAll("timestamps") List<Long> timestamps, @ForAll @LongRange(max = 60_000) long bound) {
    EventTimeProgress progress = new EventTimeProgress();
    long last = EventTimeProgress.NONE;
    long max = Long.MIN_VALUE;
    for (long timestamp : timestamps) {
      max = Math.max(max, timestamp);
      long watermark = progress.advance(timestamp, bound);
      if (watermark != EventTimeProgress.NONE) {
        assertTrue(watermark > last);
        assertEquals(max - bound - 1, watermark);
        last = watermark;
      }
      assertEquals(last, progress.emitted());
      assertEquals(max, progress.maxTimestamp());
      // What is held back is less than one step.
      assertTrue(max - bound - 1 - last < 100);
    }
  }

  @Property
  void restoredProgressGoesOnAsIfNeverStopped(
      @ForAll("timestamps") List<Long> timestamps, @ForAll @LongRange(max = 200) long cut) {
    EventTimeProgress whole = new EventTimeProgress();
    List<Long> expected = new ArrayList<>();
    timestamps.forEach(t -> expected.add(whole.advance(t, BOUND_MS)));

    EventTimeProgress progress = new EventTimeProgress();
    List<Long> actual = new ArrayList<>();
    for (int i = 0; i < timestamps.size(); i++) {
      if (i == cut) {
        progress = new EventTimeProgress(progress.maxTimestamp(), progress.emitted());
      }
      actual.add(progress.advance(timestamps.get(i), BOUND_MS));
    }

    assertEquals(expected, actual);
  }

  /** Timestamps close enough together that steps are both passed and not passed. */
  @Provide
  Arbitrary<List<Long>> timestamps() {
    return Arbitraries.longs().between(1, 10_000).list().ofMaxSize(200);
  }
}
