package io.flinkblocks.window;

import io.flinkblocks.output.Amount;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.internal.InternalValueState;

/**
 * What is known of the windows of a key that have fired, as long as somebody may ask: how often,
 * for the number of a correction, and with which amount, for the window one size later.
 *
 * <p>Nothing is stored where nobody asks: without allowed lateness there is no correction.
 */
final class FiredWindows {
  private static final TupleTypeInfo<Tuple3<Integer, Long, Long>> FIRED =
      new TupleTypeInfo<>(Types.INT, Types.LONG, Types.LONG);

  private final InternalValueState<String, Long, Tuple3<Integer, Long, Long>> state;
  private final Panes panes;
  private final boolean counts;
  private final boolean compares;

  private FiredWindows(
      InternalValueState<String, Long, Tuple3<Integer, Long, Long>> state,
      Panes panes,
      boolean counts,
      boolean compares) {
    this.state = state;
    this.panes = panes;
    this.counts = counts;
    this.compares = compares;
  }

  /**
   * The windows of one length of an operator.
   *
   * @param name of the state
   */
  @SuppressWarnings("unchecked") // The only way to a state with a namespace of one's own.
  static FiredWindows open(
      KeyedStateBackend<String> backend, String name, Panes panes, Aggregator<?> aggregator)
      throws Exception {
    boolean counts = aggregator.countsRevisions();
    boolean compares = aggregator.compares();
    if (!counts && !compares) {
      return new FiredWindows(null, panes, false, false);
    }
    // Opened in any case: a job that had a lateness before may have left something to forget.
    var descriptor = new ValueStateDescriptor<>(name, FIRED);
    var state =
        (InternalValueState<String, Long, Tuple3<Integer, Long, Long>>)
            backend.getOrCreateKeyedState(LongSerializer.INSTANCE, descriptor);
    return new FiredWindows(state, panes, counts && panes.allowedLateness() > 0, compares);
  }

  /** Whether windows are noted, and so have to be forgotten some time. */
  boolean areNoted() {
    return counts || compares;
  }

  /** What is to be told when a window fires now, before {@link #fired}. */
  Firing firing(String key, Window window, boolean early) throws Exception {
    Tuple3<Integer, Long, Long> self = counts && !early ? of(window) : null;
    Tuple3<Integer, Long, Long> before = compares ? of(panes.oneSizeEarlier(window)) : null;
    return new Firing(
        key,
        window,
        self == null ? 0 : self.f0,
        early,
        before == null ? null : Amount.ofWords(before.f1, before.f2));
  }

  /** Notes a final result. */
  void fired(Firing firing, Result result) throws Exception {
    if (!areNoted()) {
      return;
    }
    Amount amount = compares ? result.amount() : new Amount();
    state.setCurrentNamespace(firing.window().start());
    state.update(Tuple3.of(firing.revision() + 1, amount.high(), amount.low()));
  }

  /** The watermark at which nobody asks for a window any more. */
  long forgettingTime(Window window) {
    long closing = panes.closingTime(window);
    // At closing + size the window one size later may be about to fire.
    return compares ? closing + panes.size() + 1 : closing;
  }

  /** Forgets a window. */
  void forget(Window window) {
    if (state != null) {
      state.setCurrentNamespace(window.start());
      state.clear();
    }
  }

  private Tuple3<Integer, Long, Long> of(Window window) throws Exception {
    state.setCurrentNamespace(window.start());
    return state.value();
  }
}
