package io.flinkblocks.bench.floor;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.Aggregator;
import io.flinkblocks.window.Firing;
import io.flinkblocks.window.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Tumbling or sliding windows out of panes, in hash maps.
 *
 * @param <A> the accumulator
 */
final class PaneAnalysis<A> implements Analysis {
  private final Aggregator<A> aggregator;
  private final Predicate<Event> relevant;
  private final Function<Event, String> key;
  private final long size;
  private final long slide;
  private final Consumer<OutputRecord> out;

  /** Accumulators by pane, by key. */
  private final Map<Long, Map<String, A>> panes = new HashMap<>();

  // The pane of the last event: most often the next one's, too.
  private long latestPane = Long.MIN_VALUE;
  private Map<String, A> latest;

  /** The end of the next window to fire. */
  private long nextEnd = Long.MAX_VALUE;

  // So that one can still be added without wrapping around.
  private long watermark = Long.MIN_VALUE / 2;

  PaneAnalysis(
      Aggregator<A> aggregator,
      Predicate<Event> relevant,
      Function<Event, String> key,
      long size,
      long slide,
      Consumer<OutputRecord> out) {
    this.aggregator = aggregator;
    this.relevant = relevant;
    this.key = key;
    this.size = size;
    this.slide = slide;
    this.out = out;
  }

  @Override
  public void add(Event event) {
    if (!relevant.test(event)) {
      return;
    }
    long pane = Math.floorDiv(event.timestamp(), slide) * slide;
    if (pane != latestPane) {
      select(pane);
    }
    A accumulator = latest.computeIfAbsent(key.apply(event), k -> aggregator.create());
    aggregator.add(event, accumulator);
  }

  private void select(long pane) {
    latestPane = pane;
    latest = panes.computeIfAbsent(pane, p -> new HashMap<>());
    // The first window that holds the pane and has not been passed.
    long open = Math.floorDiv(watermark + 1, slide) * slide + slide;
    nextEnd = Math.min(nextEnd, Math.max(pane + slide, open));
  }

  @Override
  public void advance(long reached) {
    watermark = reached;
    while (nextEnd - 1 <= watermark && !panes.isEmpty()) {
      fire(new Window(nextEnd - size, nextEnd));
      panes.remove(nextEnd - size);
      nextEnd += slide;
      latestPane = Long.MIN_VALUE;
    }
    if (panes.isEmpty()) {
      nextEnd = Long.MAX_VALUE;
    }
  }

  private void fire(Window window) {
    if (size == slide) {
      Map<String, A> only = panes.getOrDefault(window.start(), Map.of());
      only.forEach((name, total) -> aggregator.emit(Firing.once(name, window), total, out));
      return;
    }
    Map<String, List<A>> parts = new HashMap<>();
    for (long pane = window.start(); pane < window.end(); pane += slide) {
      panes
          .getOrDefault(pane, Map.of())
          .forEach((name, part) -> parts.computeIfAbsent(name, k -> new ArrayList<>()).add(part));
    }
    parts.forEach((name, list) -> aggregator.emitPanes(Firing.once(name, window), list, out));
  }
}
