package io.flinkblocks.bench.floor;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.EventOrder;
import io.flinkblocks.ordered.KeyedLogic;
import io.flinkblocks.output.OutputRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Keyed logic over events in their order: one queue for all keys, and a hash map of states. No
 * state expires.
 *
 * @param <S> the state of a key
 */
final class OrderedAnalysis<S> implements Analysis {
  private final KeyedLogic<S> logic;
  private final Predicate<Event> relevant;
  private final Function<Event, String> key;
  private final Consumer<OutputRecord> out;
  private final PriorityQueue<Event> waiting = new PriorityQueue<>(EventOrder.INSTANCE);
  private final Map<String, S> states = new HashMap<>();

  OrderedAnalysis(
      KeyedLogic<S> logic,
      Predicate<Event> relevant,
      Function<Event, String> key,
      Consumer<OutputRecord> out) {
    this.logic = logic;
    this.relevant = relevant;
    this.key = key;
    this.out = out;
  }

  @Override
  public void add(Event event) {
    if (relevant.test(event)) {
      waiting.add(event);
    }
  }

  @Override
  public void advance(long watermark) {
    while (!waiting.isEmpty() && waiting.peek().timestamp() <= watermark) {
      Event event = waiting.poll();
      S state = states.computeIfAbsent(key.apply(event), k -> logic.create());
      logic.onEvent(event, state, out);
    }
  }
}
