package io.flinkblocks.generator;

import java.util.function.LongSupplier;

/**
 * Tells when the next event of a given rate is due.
 *
 * <p>Who comes late catches up, but by one second's worth at most: a stream that was held up does
 * not go on with a flood.
 */
final class Pacer {
  private static final double SECOND = 1e9;

  private final double interval;
  private final LongSupplier clock;
  // A double, so that intervals of fractions of a nanosecond add up.
  private double due;
  private final long start;

  /**
   * @param perSecond events per second, more than 0
   * @param clock nanoseconds that only grow
   */
  Pacer(double perSecond, LongSupplier clock) {
    this.interval = SECOND / perSecond;
    this.clock = clock;
    this.start = clock.getAsLong();
  }

  /** Nanoseconds until the next event is due; 0 when it is, and then it counts as sent. */
  long take() {
    double now = clock.getAsLong() - start;
    if (due > now) {
      return (long) Math.ceil(due - now);
    }
    due = Math.max(due, now - SECOND) + interval;
    return 0;
  }
}
