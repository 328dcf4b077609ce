package io.flinkblocks.window;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.util.function.BiConsumerWithException;

/**
 * Puts the results of windows together out of their panes.
 *
 * <p>Where the aggregator has a {@link Rolling} sum, one is kept for each key that fires window
 * after window: a firing then costs one pane that joins and one that leaves, not all of them. The
 * sums are a cache in memory. One that is missing, after a restart or because there was no room for
 * it, is made again of the panes in the state.
 *
 * <p>The key is always the operator's current one.
 *
 * @param <A> the accumulator
 */
final class WindowSums<A> {
  /** A sum of the panes from a time on. */
  private static final class Entry<A> {
    final Rolling<A> sum;

    /** The panes are those from {@code start} to before {@code end}. */
    long start;

    long end;
    long footprint;

    Entry(Rolling<A> sum, long start) {
      this.sum = sum;
      this.start = start;
      this.end = start;
    }
  }

  private final PaneStore<A> store;
  private final Aggregator<A> aggregator;
  private final Panes panes;
  private final long capacity;
  private final boolean rolls;

  private final Map<String, Entry<A>> entries = new HashMap<>();

  private long footprint;

  /** Of the window that was added up last, where nothing rolls. */
  private long latestPane;

  /**
   * @param capacity for the sums, in bytes
   */
  WindowSums(PaneStore<A> store, Aggregator<A> aggregator, Panes panes, long capacity) {
    this.store = store;
    this.aggregator = aggregator;
    this.panes = panes;
    this.capacity = capacity;
    this.rolls = panes.isSliding() && aggregator.rolling() != null;
  }

  /** The results of windows in a row, of those that have panes. */
  void forEach(
      Window first, long lastStart, BiConsumerWithException<Window, Result, Exception> each)
      throws Exception {
    Entry<A> entry = rolls ? new Entry<>(aggregator.rolling(), first.start()) : null;
    for (Window window = first; window.start() <= lastStart; window = panes.next(window)) {
      Result result;
      if (rolls) {
        entry.sum.removeBefore(window.start());
        extend(entry, window.end());
        result = entry.sum.isEmpty() ? null : entry.sum;
      } else {
        result = addUp(window);
      }
      if (result != null) {
        each.accept(window, result);
      }
    }
  }

  /**
   * The result of a window that a key's windows have come to: {@link #slide} follows, and the next
   * one is the window after it.
   *
   * @return null when it has no panes
   */
  Result next(String key, Window window) throws Exception {
    if (!rolls) {
      return addUp(window);
    }
    Entry<A> entry = entries.get(key);
    if (entry == null || entry.start != window.start()) {
      forget(key);
      entry = new Entry<>(aggregator.rolling(), window.start());
      entries.put(key, entry);
    }
    extend(entry, window.end());
    return entry.sum.isEmpty() ? null : entry.sum;
  }

  /**
   * Goes on from a window that has fired to the next one.
   *
   * @return whether the next one has panes of this one
   */
  boolean slide(String key, Window window) throws Exception {
    if (!rolls) {
      return latestPane > window.start();
    }
    Entry<A> entry = entries.get(key);
    entry.start = panes.next(window).start();
    entry.sum.removeBefore(entry.start);
    if (entry.sum.isEmpty()) {
      forget(key);
      return false;
    }
    footprint -= entry.footprint;
    entry.footprint = entry.sum.footprint();
    footprint += entry.footprint;
    if (footprint > capacity) {
      forget(key); // Not another one: all keys fire in turn, and the others would be made anew.
    }
    return true;
  }

  /** To be called when a pane has changed that was in a window which has fired. */
  void forget(String key) {
    Entry<A> entry = entries.remove(key);
    if (entry != null) {
      footprint -= entry.footprint;
    }
  }

  /** The result of a window whose panes are added up now; null when it has none. */
  private Result addUp(Window window) throws Exception {
    List<A> parts = new ArrayList<>();
    for (long pane = window.start(); pane < window.end(); pane += panes.slide()) {
      A part = store.get(pane);
      if (part != null) {
        parts.add(part);
        latestPane = pane;
      }
    }
    return parts.isEmpty() ? null : Result.of(aggregator, parts);
  }

  /** Takes in the panes up to a time. */
  private void extend(Entry<A> entry, long end) throws Exception {
    for (; entry.end < end; entry.end += panes.slide()) {
      A part = store.get(entry.end);
      if (part != null) {
        entry.sum.add(entry.end, part);
      }
    }
  }
}
