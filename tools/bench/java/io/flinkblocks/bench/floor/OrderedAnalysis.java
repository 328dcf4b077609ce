package io.flinkblocks.bench.floor;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.EventOrder;
import io.flinkblocks.ordered.KeyedLogic;
import io.flinkblocks.output.OutputRecord;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Keyed logic over events in their order: one queue for all keys' events, one for their timers, and
 * a hash map of states.
 *
 * @param <S> the state of a key
 */
final class OrderedAnalysis<S> implements Analysis {
  private final KeyedLogic<S> logic;
  private final Predicate<Event> relevant;
  private final Function<Event, String> key;
  private final Consumer<OutputRecord> out;
  private final PriorityQueue<Event> waiting = new PriorityQueue<>(EventOrder.INSTANCE);
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::time));
  private final Map<String, Slot<S>> slots = new HashMap<>();

  /** When to look at a key; it may want that later by then. */
  private record Timer(long time, String key) {}

  private static final class Slot<S> {
    final S state;

    /** The time of its timer, at the latest when the logic wants it. */
    long timer = KeyedLogic.NEVER;

    Slot(S state) {
      this.state = state;
    }
  }

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
      String name = key.apply(event);
      Slot<S> slot = slots.get(name);
      if (slot == null || !fireUpTo(event.timestamp(), name, slot)) {
        slot = new Slot<>(logic.create());
        slots.put(name, slot);
      }
      logic.onEvent(event, slot.state, out);
      setTimer(name, slot);
    }
    while (!timers.isEmpty() && timers.peek().time() <= watermark) {
      Timer timer = timers.poll();
      Slot<S> slot = slots.get(timer.key());
      if (slot != null && slot.timer == timer.time()) {
        slot.timer = KeyedLogic.NEVER;
        if (fireUpTo(watermark, timer.key(), slot)) {
          setTimer(timer.key(), slot);
        }
      }
    }
  }

  /**
   * Tells the logic of the times that it waits for.
   *
   * @return whether the state is still needed
   */
  private boolean fireUpTo(long now, String name, Slot<S> slot) {
    long time = logic.timer(slot.state);
    while (time <= now && time != KeyedLogic.NEVER) {
      logic.onTimer(name, time, slot.state, out);
      time = logic.timer(slot.state);
    }
    if (time == KeyedLogic.NEVER) {
      slots.remove(name);
    }
    return time != KeyedLogic.NEVER;
  }

  private void setTimer(String name, Slot<S> slot) {
    long wanted = logic.timer(slot.state);
    if (wanted == KeyedLogic.NEVER) {
      slots.remove(name);
    } else if (wanted < slot.timer) {
      slot.timer = wanted;
      timers.add(new Timer(wanted, name));
    }
  }
}
