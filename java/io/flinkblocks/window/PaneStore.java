package io.flinkblocks.window;

import static org.apache.flink.runtime.state.StateBackendLoader.ROCKSDB_STATE_BACKEND_NAME;

import io.flinkblocks.event.Event;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.internal.InternalAggregatingState;

/**
 * The accumulators of a {@link PaneOperator}, one per key and pane, in keyed state. The key is
 * always the operator's current one, the pane's start is the state's namespace.
 *
 * @param <A> the accumulator
 */
interface PaneStore<A> {
  /** The state's name. */
  String STATE = "panes";

  /**
   * Adds an event to a pane.
   *
   * @return whether the pane is new
   */
  boolean add(long pane, Event event) throws Exception;

  /** The accumulator of a pane, not to be changed or kept; null if there is none. */
  A get(long pane) throws Exception;

  /** Removes a pane, if it is there. */
  void remove(long pane) throws Exception;

  /** Brings the keyed state up to date; to be called before it is snapshotted. */
  void flush() throws Exception;

  /**
   * The store that suits the state backend. The state is the same for all of them, so a savepoint
   * of one can be resumed with the other.
   *
   * @param cacheBytes room for accumulators outside of a backend that keeps bytes
   */
  @SuppressWarnings("unchecked") // The only way to a state with a namespace of one's own.
  static <A> PaneStore<A> open(
      KeyedStateBackend<String> backend, Aggregator<A> aggregator, long cacheBytes)
      throws Exception {
    var add = new AddToPane<>(aggregator);
    InternalAggregatingState<String, Long, Event, A, A> state =
        (InternalAggregatingState<String, Long, Event, A, A>)
            backend.getOrCreateKeyedState(
                LongSerializer.INSTANCE,
                new AggregatingStateDescriptor<>(STATE, add, aggregator.serializer()));
    return backend.getBackendTypeIdentifier().equals(ROCKSDB_STATE_BACKEND_NAME)
        ? new WriteBehindPanes<>(backend, state, aggregator, cacheBytes)
        : new DirectPanes<>(state, add);
  }

  /** Adds to an accumulator in the state, and notices when it made a new one. */
  final class AddToPane<A> implements AggregateFunction<Event, A, A> {
    private static final long serialVersionUID = 1;

    private final Aggregator<A> aggregator;
    private boolean madeOne;

    AddToPane(Aggregator<A> aggregator) {
      this.aggregator = aggregator;
    }

    /** Whether there is a new accumulator since the last call. */
    boolean madeOne() {
      boolean made = madeOne;
      madeOne = false;
      return made;
    }

    @Override
    public A createAccumulator() {
      madeOne = true;
      return aggregator.create();
    }

    @Override
    public A add(Event event, A accumulator) {
      aggregator.add(event, accumulator);
      return accumulator;
    }

    @Override
    public A getResult(A accumulator) {
      return accumulator;
    }

    @Override
    public A merge(A left, A right) {
      aggregator.merge(right, left);
      return left;
    }
  }
}
