package io.flinkblocks.window;

import io.flinkblocks.output.Amount;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.internal.InternalValueState;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;

/**
 * What is known of the windows of a key that have fired, as long as somebody may ask: how often,
 * for the number of a correction, and with which amount, for the window one size later.
 *
 * <p>Nothing is stored where nobody asks: without allowed lateness there is no correction. An
 * amount is forgotten when the window one size later is closed, or by a timer when there was none.
 */
final class FiredWindows {
  /**
   * Added to a window's start, which is far less, for the namespace of its timer for forgetting.
   * Windows' own timers have the start.
   */
  private static final long FORGETTING = 1L << 60;

  private static final TupleTypeInfo<Tuple3<Integer, Long, Long>> FIRED =
      new TupleTypeInfo<>(Types.INT, Types.LONG, Types.LONG);

  private final InternalValueState<String, Long, Tuple3<Integer, Long, Long>> state;
  private final Panes panes;
  private final boolean counts;
  private final boolean compares;

  /** Set where windows can be compared. */
  private InternalTimerService<Long> timers;

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

  /**
   * The same with timers for forgetting.
   *
   * @param service of the windows: what is forgotten and what fires has to be in one order
   */
  FiredWindows withTimers(InternalTimerService<Long> service) {
    timers = service;
    return this;
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
    if (!counts && !compares) {
      return;
    }
    Amount amount = compares ? result.amount() : new Amount();
    state.setCurrentNamespace(firing.window().start());
    state.update(Tuple3.of(firing.revision() + 1, amount.high(), amount.low()));
  }

  /** A window has fired which none follows that shares panes with it. */
  void lastFired(Window window) {
    if (compares) {
      forgetLater(window);
    }
  }

  /** A window was made by late events alone, it may be. */
  void corrected(Window window) {
    if (compares) {
      forgetLater(window);
    } else if (counts) {
      timers.registerEventTimeTimer(window.start(), panes.closingTime(window));
    }
  }

  /**
   * Forgets what was noted for a window that is closed: its number or, where windows are compared,
   * the amount of the one before.
   */
  void closed(Window window) {
    forget(compares ? panes.oneSizeEarlier(window) : window);
  }

  private void forgetLater(Window window) {
    timers.registerEventTimeTimer(FORGETTING + window.start(), forgettingTime(window));
  }

  /** When the last window that could be compared with one is closed, and that has been done. */
  private long forgettingTime(Window window) {
    return panes.closingTime(window) + panes.size() + 1;
  }

  /** Whether a timer is one for forgetting. */
  boolean isMine(InternalTimer<String, Long> timer) {
    return timer.getNamespace() >= FORGETTING / 2;
  }

  /** Forgets a window and those before it: they were to be forgotten earlier. */
  void onEventTime(InternalTimer<String, Long> timer) {
    Window window = panes.windowAt(timer.getNamespace() - FORGETTING);
    if (timer.getTimestamp() < forgettingTime(window)) {
      forgetLater(window); // The job had a shorter lateness before.
      return;
    }
    Window first = panes.next(panes.oneSizeEarlier(window));
    for (Window each = first; each.start() <= window.start(); each = panes.next(each)) {
      forget(each);
    }
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
