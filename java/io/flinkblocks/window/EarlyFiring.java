package io.flinkblocks.window;

import java.io.Serializable;

/**
 * When windows that are not over yet emit what they have so far: each time event time passes a
 * multiple of an interval, counted from the epoch.
 *
 * @param interval in milliseconds; 0 for never
 */
public record EarlyFiring(long interval) implements Serializable {
  /** Never. */
  public static final EarlyFiring OFF = new EarlyFiring(0);

  private static final long serialVersionUID = 1;

  /**
   * @throws IllegalArgumentException when the interval is negative
   */
  public EarlyFiring {
    if (interval < 0) {
      throw new IllegalArgumentException("no such interval: " + interval + " ms");
    }
  }

  /** Whether there are early firings. */
  boolean isOn() {
    return interval > 0;
  }

  /** Whether results are emitted once all events before a time are there. */
  boolean isAt(long time) {
    return isOn() && Math.floorMod(time, interval) == 0;
  }

  /** Whether there is one when the watermark goes from one time to another. */
  boolean isDue(long from, long to) {
    return isOn() && Math.floorDiv(from + 1, interval) < Math.floorDiv(to + 1, interval);
  }

  /** The first such time after a time. */
  long after(long time) {
    return time - Math.floorMod(time, interval) + interval;
  }
}
