package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.internal.InternalAggregatingState;

/** Panes of a backend that keeps bytes: those that get events are objects in memory. */
final class WriteBehindPanes<A> implements PaneStore<A> {
  private final WriteBehind<Long, A> panes;
  private final Aggregator<A> aggregator;

  /**
   * @param capacity in bytes as {@link Aggregator#footprint} tells them
   */
  WriteBehindPanes(
      KeyedStateBackend<String> backend,
      InternalAggregatingState<String, Long, Event, A, A> state,
      Aggregator<A> aggregator,
      long capacity) {
    this.aggregator = aggregator;
    this.panes =
        new WriteBehind<>(
            backend,
            state,
            state::getInternal,
            state::updateInternal,
            aggregator::footprint,
            capacity);
  }

  @Override
  public boolean add(long pane, Event event) throws Exception {
    A stored = panes.take(pane);
    A accumulator = stored == null ? aggregator.create() : stored;
    aggregator.add(event, accumulator);
    panes.put(pane, accumulator);
    return stored == null;
  }

  @Override
  public boolean merge(long pane, A sum) throws Exception {
    A stored = panes.take(pane);
    if (stored != null) {
      aggregator.merge(sum, stored);
    }
    panes.put(pane, stored == null ? sum : stored);
    return stored == null;
  }

  /** Does not take a pane into the cache: most panes that fire get no more events. */
  @Override
  public A get(long pane) throws Exception {
    return panes.peek(pane);
  }

  @Override
  public void remove(long pane) {
    panes.remove(pane);
  }

  @Override
  public void flush() throws Exception {
    panes.flush();
  }

  /** How many panes are in memory. */
  int size() {
    return panes.size();
  }
}
