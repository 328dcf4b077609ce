package io.flinkblocks.window;

import java.io.Serializable;

/**
 * The arithmetic of windows made of panes. All times are milliseconds since the epoch, UTC.
 *
 * <p>Windows have one length and start at every multiple of the slide. Time is cut into panes of
 * one slide each: an event belongs to one pane, and a window is size / slide panes in a row. A
 * tumbling window is the case of one pane. A pane is called by its start; the last window that
 * contains a pane starts where the pane starts.
 *
 * <p>A window <em>fires</em> when the watermark reaches its last millisecond. It is <em>closed</em>
 * when the watermark is the allowed lateness beyond that: in between, a late event makes it fire
 * again.
 */
final class Panes implements Serializable {
  private static final long serialVersionUID = 1;

  private final long size;
  private final long slide;
  private final long allowedLateness;

  /**
   * @param size length of a window, a multiple of the slide
   * @param slide distance between the starts of two windows, positive
   * @param allowedLateness how long after its end a window can be corrected; 0 or more
   * @throws IllegalArgumentException when one of them is not so
   */
  Panes(long size, long slide, long allowedLateness) {
    if (slide <= 0) {
      throw new IllegalArgumentException("the slide must be positive, not " + slide + " ms");
    }
    if (size <= 0 || size % slide != 0) {
      throw new IllegalArgumentException(
          "the window size must be a multiple of the slide: " + size + " ms, " + slide + " ms");
    }
    // Half of the range of a long leaves room for adding it to any timestamp.
    if (allowedLateness < 0 || allowedLateness > Long.MAX_VALUE / 2) {
      throw new IllegalArgumentException("no such allowed lateness: " + allowedLateness + " ms");
    }
    this.size = size;
    this.slide = slide;
    this.allowedLateness = allowedLateness;
  }

  long size() {
    return size;
  }

  long slide() {
    return slide;
  }

  long allowedLateness() {
    return allowedLateness;
  }

  /** Whether windows overlap: then they have several panes each. */
  boolean isSliding() {
    return slide < size;
  }

  /** The pane of an event; floorMod, so that it holds before the epoch too. */
  long paneOf(long timestamp) {
    return timestamp - Math.floorMod(timestamp, slide);
  }

  /** The window that starts at a time. */
  Window windowAt(long start) {
    return new Window(start, start + size);
  }

  /** The first window that contains a pane. */
  Window firstWindowOf(long pane) {
    return windowAt(pane + slide - size);
  }

  /** The last window that contains a pane: with it the pane has done its work. */
  Window lastWindowOf(long pane) {
    return windowAt(pane);
  }

  /** The watermark that closes the window. */
  long closingTime(Window window) {
    return window.lastMillisecond() + allowedLateness;
  }

  /** The window that starts one slide later. */
  Window next(Window window) {
    return windowAt(window.start() + slide);
  }

  /** The start of the first pane of which no window is over at a time. */
  long firstPaneOpenAt(long time) {
    return time == Long.MAX_VALUE ? time : paneOf(time + 1);
  }

  /** The window that ends where this one starts. */
  Window oneSizeEarlier(Window window) {
    return windowAt(window.start() - size);
  }

  /** The first window that is not over at a time. */
  Window firstOpenAt(long time) {
    return windowAt(paneOf(time + 1) + slide - size);
  }

  /** The first window, from the first that contains a pane on, which has not fired yet. */
  Window firstUnfiredOf(long pane, long watermark) {
    Window first = firstWindowOf(pane);
    if (!first.isOverAt(watermark)) {
      return first; // The usual case; below, the watermark is never the lowest possible number.
    }
    return firstOpenAt(watermark);
  }

  /** The windows, for people; not the lateness, which may change from one run to the next. */
  @Override
  public String toString() {
    return "windows of %,d ms every %,d ms".formatted(size, slide);
  }
}
