package io.flinkblocks.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TrafficClockTest {
  private static final long DAY_MS = 86_400_000;

  @Test
  void beginsWhereItSays() {
    assertEquals(Instant.parse("2020-01-06T09:00:00Z"), Instant.ofEpochMilli(TrafficClock.at(0)));
    assertEquals(
        "2025-09",
        Instant.ofEpochMilli(TrafficClock.at(9_000_000_000L)).toString().substring(0, 7));
  }

  @Test
  void everyDayIsTheSame() {
    for (long n : new long[] {0, 1, 1_000_003, 4_319_999}) {
      assertEquals(TrafficClock.at(n) + DAY_MS, TrafficClock.at(n + TrafficClock.DAY_EVENTS));
      assertEquals(TrafficClock.at(n) - DAY_MS, TrafficClock.at(n - TrafficClock.DAY_EVENTS));
    }
  }

  @Test
  void neverGoesBackAndLeavesRoomForALanesEvents() {
    for (long n = -1000; n < TrafficClock.DAY_EVENTS + 1000; n += 7) {
      long step = TrafficClock.at(n + ShopTraffic.LANES) - TrafficClock.at(n);
      assertTrue(step > 0 && step <= 800, "step of " + step + " at " + n);
    }
  }

  @Test
  void rhythmOfTheDay() {
    int[] perHour = new int[24];
    LongStream.range(0, TrafficClock.DAY_EVENTS)
        .map(TrafficClock::at)
        .forEach(at -> perHour[Instant.ofEpochMilli(at).atOffset(ZoneOffset.UTC).getHour()]++);
    assertEquals(20 * 3600, perHour[3]);
    assertEquals(50 * 3600, perHour[9]);
    assertEquals(85 * 3600, perHour[20]);
  }
}
