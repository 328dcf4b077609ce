package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import org.apache.flink.runtime.state.internal.InternalAggregatingState;

/**
 * Panes of a backend that keeps objects, as the heap does: an event is added to the object in
 * place, in one access. The backend copies it first while a checkpoint is being written.
 */
final class DirectPanes<A> implements PaneStore<A> {
  private final InternalAggregatingState<String, Long, Event, A, A> state;
  private final Aggregator<A> aggregator;
  private final AddToPane<A> add;

  DirectPanes(
      InternalAggregatingState<String, Long, Event, A, A> state,
      Aggregator<A> aggregator,
      AddToPane<A> add) {
    this.state = state;
    this.aggregator = aggregator;
    this.add = add;
  }

  @Override
  public boolean add(long pane, Event event) throws Exception {
    state.setCurrentNamespace(pane);
    state.add(event);
    return add.madeOne();
  }

  @Override
  public boolean merge(long pane, A sum) throws Exception {
    state.setCurrentNamespace(pane);
    A stored = state.getInternal();
    if (stored == null) {
      state.updateInternal(sum);
      return true;
    }
    aggregator.merge(sum, stored);
    state.updateInternal(stored);
    return false;
  }

  @Override
  public A get(long pane) throws Exception {
    state.setCurrentNamespace(pane);
    return state.getInternal();
  }

  @Override
  public void remove(long pane) {
    state.setCurrentNamespace(pane);
    state.clear();
  }

  @Override
  public void flush() {
    // The state is all there is.
  }
}
