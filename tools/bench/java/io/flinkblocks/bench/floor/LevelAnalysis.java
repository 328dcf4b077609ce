package io.flinkblocks.bench.floor;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.Aggregator;
import io.flinkblocks.window.Firing;
import io.flinkblocks.window.Window;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Tumbling windows on several levels, each made of the results of the one below, in hash maps.
 *
 * @param <A> the accumulator
 */
final class LevelAnalysis<A> implements Analysis {
  private final Aggregator<A> aggregator;
  private final Function<Event, String> key;
  private final Consumer<OutputRecord> out;
  private final List<Level<A>> levels;

  /** Windows of one length. */
  private record Level<A>(long size, TreeMap<Long, Map<String, A>> windows) {
    Map<String, A> at(long time) {
      return windows.computeIfAbsent(Math.floorDiv(time, size) * size, w -> new HashMap<>());
    }

    boolean isOver(long watermark) {
      return !windows.isEmpty() && windows.firstKey() + size - 1 <= watermark;
    }
  }

  /**
   * @param sizes of the windows, from the lowest level up
   */
  LevelAnalysis(
      Aggregator<A> aggregator,
      Function<Event, String> key,
      List<Long> sizes,
      Consumer<OutputRecord> out) {
    this.aggregator = aggregator;
    this.key = key;
    this.out = out;
    this.levels = sizes.stream().map(size -> new Level<A>(size, new TreeMap<>())).toList();
  }

  @Override
  public void add(Event event) {
    Map<String, A> window = levels.get(0).at(event.timestamp());
    aggregator.add(event, window.computeIfAbsent(key.apply(event), k -> aggregator.create()));
  }

  @Override
  public void advance(long watermark) {
    for (int level = 0; level < levels.size(); level++) {
      while (levels.get(level).isOver(watermark)) {
        fireFirst(level);
      }
    }
  }

  private void fireFirst(int level) {
    Map.Entry<Long, Map<String, A>> first = levels.get(level).windows().pollFirstEntry();
    long start = first.getKey();
    Window window = new Window(start, start + levels.get(level).size());
    first
        .getValue()
        .forEach((name, total) -> aggregator.emit(Firing.once(name, window), total, out));
    if (level + 1 < levels.size()) {
      Map<String, A> above = levels.get(level + 1).at(start);
      first
          .getValue()
          .forEach(
              (name, total) ->
                  aggregator.merge(total, above.computeIfAbsent(name, k -> aggregator.create())));
    }
  }
}
