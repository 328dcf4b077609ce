package io.flinkblocks.window;

import static org.apache.flink.runtime.state.StateBackendLoader.ROCKSDB_STATE_BACKEND_NAME;

import io.flinkblocks.event.Event;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.internal.InternalAggregatingState;

/**
 * Accumulators, one per key and pane, in keyed state. The key is always the operator's current one,
 * the pane's start is the state's namespace.
 *
 * @param <A> the accumulator
 */
interface PaneStore<A> {
  /**
   * Adds an event to a pane.
   *
   * @return whether the pane is new
   */
  boolean add(long pane, Event event) throws Exception;

  /**
   * Adds a sum of events to a pane.
   *
   * @param sum belongs to the pane from now on
   * @return whether the pane is new
   */
  boolean merge(long pane, A sum) throws Exception;

  /** The accumulator of a pane, not to be changed or kept; null if there is none. */
  A get(long pane) throws Exception;

  /** Removes a pane, if it is there. */
  void remove(long pane) throws Exception;

  /** Brings the keyed state up to date; to be called before it is snapshotted. */
  void flush() throws Exception;

  /** Whether a backend keeps bytes outside of the heap, and not objects in it. */
  static boolean keepsBytes(KeyedStateBackend<?> backend) {
    return backend.getBackendTypeIdentifier().equals(ROCKSDB_STATE_BACKEND_NAME);
  }

  /**
   * The store that suits the state backend. The state is the same for all of them, so a savepoint
   * of one can be resumed with the other.
   *
   * @param name of the state
   * @param cacheBytes room for accumulators outside of a backend that keeps bytes
   */
  @SuppressWarnings("unchecked") // The only way to a state with a namespace of one's own.
  static <A> PaneStore<A> open(
      KeyedStateBackend<String> backend, String name, Aggregator<A> aggregator, long cacheBytes)
      throws Exception {
    var add = new AddToPane<>(aggregator);
    InternalAggregatingState<String, Long, Event, A, A> state =
        (InternalAggregatingState<String, Long, Event, A, A>)
            backend.getOrCreateKeyedState(
                LongSerializer.INSTANCE,
                new AggregatingStateDescriptor<>(name, add, aggregator.serializer()));
    return keepsBytes(backend)
        ? new WriteBehindPanes<>(backend, state, aggregator, cacheBytes)
        : new DirectPanes<>(state, aggregator, add);
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
