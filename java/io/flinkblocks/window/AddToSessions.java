package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.apache.flink.api.common.functions.AggregateFunction;

/**
 * Adds events to the open sessions of a key, and tells what the last one has changed.
 *
 * @param <S> the sessions
 */
final class AddToSessions<S extends Session> implements AggregateFunction<Event, List<S>, List<S>> {
  private static final long serialVersionUID = 1;

  private final Sessionizer<S> sessionizer;
  private final Supplier<Overflow> overflow;
  private final boolean noticesStarts;
  private final List<Long> retracted = new ArrayList<>();
  private final LongConsumer noteRetraction = retracted::add;
  private boolean firstIsNew;
  private boolean isStart;

  /**
   * @param overflow of the state, which is made with this
   * @param noticesStarts whether {@link #isStart} is asked
   */
  AddToSessions(Sessionizer<S> sessionizer, Supplier<Overflow> overflow, boolean noticesStarts) {
    this.sessionizer = sessionizer;
    this.overflow = overflow;
    this.noticesStarts = noticesStarts;
  }

  /** Whether the event has become a session by itself, and the first of all. */
  boolean firstIsNew() {
    return firstIsNew;
  }

  /** Whether the event is the start of the first session. */
  boolean isStart() {
    return isStart;
  }

  /** The starts that were done away with since the last call, to be retracted. */
  List<Long> takeRetracted() {
    if (retracted.isEmpty()) {
      return List.of();
    }
    List<Long> taken = List.copyOf(retracted);
    retracted.clear();
    return taken;
  }

  @Override
  public List<S> createAccumulator() {
    return new ArrayList<>(1);
  }

  @Override
  public List<S> add(Event event, List<S> sessions) {
    firstIsNew = sessionizer.add(event, sessions, overflow.get(), noteRetraction);
    isStart = noticesStarts && sessions.get(0).start() == event.timestamp();
    return sessions;
  }

  @Override
  public List<S> getResult(List<S> sessions) {
    return sessions;
  }

  @Override
  public List<S> merge(List<S> left, List<S> right) {
    throw new IllegalStateException("keys are not merged");
  }
}
