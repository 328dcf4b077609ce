package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Sums of events by pane and key, until they are taken out.
 *
 * @param <A> the accumulator
 */
final class PartialPanes<A> {
  /** The sums of one pane. A key has a number, and no String before its sum is taken out. */
  private final class Pane {
    final ByteStringIndex keys = new ByteStringIndex();
    final List<A> sums = new ArrayList<>();
    long[] events = new long[8];

    void add(Event event) {
      int number = keys.number(event.data(), event.start(keyField), event.length(keyField));
      if (number == sums.size()) {
        sums.add(aggregator.create());
        if (number == events.length) {
          events = Arrays.copyOf(events, 2 * number);
        }
      }
      events[number]++;
      aggregator.add(event, sums.get(number));
    }

    void takeOut(long start, Consumer<PanePart<A>> out) {
      for (int number = 0; number < sums.size(); number++) {
        int from = keys.start(number);
        String key =
            new String(keys.bytes(), from, keys.end(number) - from, StandardCharsets.UTF_8);
        out.accept(new PanePart<>(key, null, start, events[number], sums.get(number)));
      }
    }
  }

  private final Aggregator<A> aggregator;
  private final int keyField;
  private final TreeMap<Long, Pane> panes = new TreeMap<>();

  // The pane of the last event: most often the next one's, too.
  private long latestStart;
  private Pane latest;

  private int size;

  /**
   * @param keyField the field of {@link Event} that is the key
   */
  PartialPanes(Aggregator<A> aggregator, int keyField) {
    this.aggregator = aggregator;
    this.keyField = keyField;
  }

  /** How many events are in the sums. */
  int size() {
    return size;
  }

  /** Adds an event to the sum of its key in a pane. */
  void add(long pane, Event event) {
    if (latest == null || latestStart != pane) {
      latestStart = pane;
      latest = panes.computeIfAbsent(pane, start -> new Pane());
    }
    latest.add(event);
    size++;
  }

  /** Takes out the sums of the panes that start before a time. */
  void takeOutBefore(long time, Consumer<PanePart<A>> out) {
    while (!panes.isEmpty() && panes.firstKey() < time) {
      var first = panes.pollFirstEntry();
      first.getValue().takeOut(first.getKey(), out);
      for (long events : first.getValue().events) {
        size -= (int) events;
      }
      latest = null;
    }
  }
}
