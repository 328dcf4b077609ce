package io.flinkblocks.bench.floor;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.Amount;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.Aggregator;
import io.flinkblocks.window.Firing;
import io.flinkblocks.window.Rolling;
import io.flinkblocks.window.Window;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Sliding windows out of panes that join and leave a sum, compared with the window one size
 * earlier; in hash maps.
 *
 * @param <A> the accumulator
 */
final class RollingAnalysis<A> implements Analysis {
  private final Aggregator<A> aggregator;
  private final Function<Event, String> key;
  private final long size;
  private final long slide;
  private final Consumer<OutputRecord> out;
  private final Map<String, Windows> windows = new HashMap<>();

  /** The end of the next window to fire. */
  private long nextEnd = Long.MAX_VALUE;

  RollingAnalysis(
      Aggregator<A> aggregator,
      Function<Event, String> key,
      long size,
      long slide,
      Consumer<OutputRecord> out) {
    this.aggregator = aggregator;
    this.key = key;
    this.size = size;
    this.slide = slide;
    this.out = out;
  }

  @Override
  public void add(Event event) {
    long pane = Math.floorDiv(event.timestamp(), slide) * slide;
    nextEnd = Math.min(nextEnd, pane + slide);
    windows.computeIfAbsent(key.apply(event), Windows::new).add(event, pane);
  }

  @Override
  public void advance(long watermark) {
    while (nextEnd - 1 <= watermark && !windows.isEmpty()) {
      Window window = new Window(nextEnd - size, nextEnd);
      windows.values().removeIf(each -> !each.fire(window));
      nextEnd += slide;
    }
    if (windows.isEmpty()) {
      nextEnd = Long.MAX_VALUE;
    }
  }

  /** The windows of one key. */
  private final class Windows {
    private final String name;
    private final Rolling<A> sum = aggregator.rolling();

    /** The panes that have not joined the sum. */
    private final TreeMap<Long, A> panes = new TreeMap<>();

    /** Of the windows that a later one is compared with, by their start. */
    private final TreeMap<Long, Amount> amounts = new TreeMap<>();

    Windows(String name) {
      this.name = name;
    }

    void add(Event event, long pane) {
      aggregator.add(event, panes.computeIfAbsent(pane, start -> aggregator.create()));
    }

    /** Returns whether there is something left. */
    boolean fire(Window window) {
      sum.removeBefore(window.start());
      A joining = panes.remove(window.end() - slide);
      if (joining != null) {
        sum.add(window.end() - slide, joining);
      }
      Amount before = amounts.get(window.start() - size);
      amounts.headMap(window.start() - size, true).clear();
      if (!sum.isEmpty()) {
        sum.emit(new Firing(name, window, 0, false, before), out);
        Amount amount = sum.amount();
        amounts.put(window.start(), Amount.ofWords(amount.high(), amount.low()));
      }
      return !(sum.isEmpty() && panes.isEmpty() && amounts.isEmpty());
    }
  }
}
