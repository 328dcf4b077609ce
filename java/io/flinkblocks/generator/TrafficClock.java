package io.flinkblocks.generator;

/**
 * When event n happens: the shop's daily rhythm.
 *
 * <p>Event 0 happens at {@link #START}. The mean is 50 events a second, from 20 in the early
 * morning to 85 at eight in the evening (UTC), the same every day and constant within an hour.
 * Event 9,000,000,000 happens in September 2025.
 */
final class TrafficClock {
  /** 2020-01-06T09:00:00Z, a Monday, an hour of average traffic. */
  static final long START = 1_578_301_200_000L;

  /** Events in a day: 50 a second. */
  static final int DAY_EVENTS = 4_320_000;

  private static final long HOUR_MS = 3_600_000;
  private static final long DAY_MS = 24 * HOUR_MS;

  // Percent of the mean by hour, from 9:00 to 8:59; each a multiple of 5, and 100 on average.
  private static final int[] RHYTHM = {
    100, 110, 120, 125, 120, 110, 110, 115, 130, 145, 160, 170,
    155, 130, 100, 55, 45, 40, 40, 40, 45, 60, 80, 95
  };
  private static final int EVENTS_PER_PERCENT = DAY_EVENTS / 24 / 100;

  // Every hour has a whole number of cells of this many events.
  private static final int CELL = 5 * EVENTS_PER_PERCENT;
  private static final byte[] HOUR_OF_CELL = new byte[DAY_EVENTS / CELL];
  private static final int[] FIRST_EVENT = new int[RHYTHM.length];

  static {
    int cell = 0;
    for (int hour = 0; hour < RHYTHM.length; hour++) {
      FIRST_EVENT[hour] = cell * CELL;
      for (int i = 0; i < RHYTHM[hour] / 5; i++) {
        HOUR_OF_CELL[cell++] = (byte) hour;
      }
    }
  }

  /**
   * The time of event n, milliseconds since the epoch; never decreases with n.
   *
   * @param n may be negative: before the stream's first event
   */
  static long at(long n) {
    long day = Math.floorDiv(n, DAY_EVENTS);
    int inDay = (int) Math.floorMod(n, (long) DAY_EVENTS);
    int hour = HOUR_OF_CELL[inDay / CELL];
    int events = RHYTHM[hour] * EVENTS_PER_PERCENT;
    long inHour = (inDay - FIRST_EVENT[hour]) * HOUR_MS / events;
    return START + day * DAY_MS + hour * HOUR_MS + inHour;
  }

  private TrafficClock() {}
}
