package io.flinkblocks.ordered;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.event.Event;
import io.flinkblocks.window.TestingOperator.Builder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;

/** Runs an {@link OrderedOperator} on events that are out of order within a bound. */
public final class TestingDisorder {
  /** How far events may be out of order, in ms. */
  public static final int BOUND = 5_000;

  /** The events in another order: each is less than the bound behind any that comes before it. */
  public static List<Event> shuffled(List<Event> events, Random random) {
    record Arrival(Event event, long at) {}
    return events.stream()
        .map(event -> new Arrival(event, event.timestamp() + random.nextInt(BOUND)))
        .sorted(Comparator.comparingLong(Arrival::at))
        .map(Arrival::event)
        .toList();
  }

  /**
   * What is emitted for events within the bound, to the end of the input, with a restart in the
   * middle. Nothing may be late, and nothing left over.
   */
  public static List<String> run(Supplier<Builder<TestingOrdered>> operator, List<Event> events)
      throws Exception {
    List<String> values = new ArrayList<>();
    OperatorSubtaskState state;
    int half = events.size() / 2;
    try (TestingOrdered first = operator.get().open()) {
      send(first, events, 0, half);
      state = first.snapshot();
      values.addAll(first.take());
    }
    try (TestingOrdered second = operator.get().restore(1, state).open()) {
      send(second, events, half, events.size());
      second.watermark(Long.MAX_VALUE);
      values.addAll(second.take());
      assertEquals(
          List.of((long) events.size(), 0L, 0L),
          List.of(second.count("used"), second.count("late"), second.count("held")));
      assertEquals(0, second.entries() + second.timers());
    }
    return values;
  }

  private static void send(TestingOrdered ordered, List<Event> events, int from, int to)
      throws Exception {
    long latest = events.subList(0, from).stream().mapToLong(Event::timestamp).max().orElse(0);
    for (Event event : events.subList(from, to)) {
      ordered.send(event);
      latest = Math.max(latest, event.timestamp());
      ordered.watermark(latest - BOUND - 1);
    }
  }

  private TestingDisorder() {}
}
