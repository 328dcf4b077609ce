package io.flinkblocks.window;

/**
 * One window of event time, [start, end).
 *
 * @param start first millisecond since the epoch, UTC; a sliding window near the epoch may start
 *     before it
 * @param end the millisecond after the last
 */
public record Window(long start, long end) {
  /** The last millisecond: the window fires when the watermark reaches it. */
  public long lastMillisecond() {
    return end - 1;
  }

  /** Whether the last millisecond is not after a time. */
  public boolean isOverAt(long time) {
    return lastMillisecond() <= time;
  }
}
