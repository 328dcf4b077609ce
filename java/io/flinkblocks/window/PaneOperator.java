package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.LateEvent;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.source.Tally;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Tumbling and sliding event-time windows over events by key, for any {@link Aggregator}. The
 * second of two steps, see {@link CombinedOperator}. Emits results, with the window's last
 * millisecond as their timestamp, and late events.
 *
 * <p>State: one accumulator per key and pane, see {@link PaneStore}. An event is added to its one
 * pane, however many windows contain it; a window's result is made of its panes when it fires, see
 * {@link WindowSums}. For aggregators that ask for it, what was emitted is noted for a while, see
 * {@link FiredWindows}.
 *
 * <p>Timers are set when a pane is new, not per event. A timer's namespace is the start of a
 * window, which is also the start of the window's first pane, and no later window contains that
 * pane:
 *
 * <ul>
 *   <li>at its last millisecond the window fires, and if the next window shares a pane with it that
 *       one gets its timer: a pane needs one timer at a time, not one per window;
 *   <li>at its closing time (the same, without allowed lateness) its first pane is removed.
 * </ul>
 *
 * Early firings have a timer for the next one per key, as long as it has an open window. So a key
 * whose last window is forgotten has neither state nor timers.
 *
 * <p>Restarts: what was emitted stays emitted, see {@link RestoredWatermark}. No restored timer is
 * overdue: all were later than the watermark when they were stored, and new ones are set only
 * beyond the larger of restored and current watermark. Hence a window that this watermark has
 * passed has fired, or had no event.
 *
 * <p>Accounting: an event is {@code late} when all its windows are closed, otherwise {@code used}.
 * A used one of which some windows are closed is counted as {@code partial}, too. An event in a
 * pane has become part of a sum; it is not buffered, so nothing is {@code held} here.
 *
 * @param <A> the accumulator
 */
public final class PaneOperator<A> extends AbstractStreamOperator<OutputRecord>
    implements CombinedOperator<A>, Triggerable<String, Long> {
  private static final long serialVersionUID = 1;

  /** Namespace of the timers for early firings; that of the others is a window's start. */
  private static final long EARLY = Long.MIN_VALUE;

  private final String analysis;
  private final Aggregator<A> aggregator;
  private final Panes panes;
  private final EarlyFiring early;

  private transient PaneStore<A> store;
  private transient WindowSums<A> sums;
  private transient FiredWindows fired;
  private transient InternalTimerService<Long> timers;
  private transient RestoredWatermark restored;
  private transient Tally tally;
  private transient Tally.Count used;
  private transient Tally.Count late;
  private transient Tally.Count partial;

  /** An operator without early firings; see the other constructor. */
  public PaneOperator(
      String analysis, Aggregator<A> aggregator, long size, long slide, long allowedLateness) {
    this(analysis, aggregator, size, slide, allowedLateness, EarlyFiring.OFF);
  }

  /**
   * @param analysis name of the output, for accounting and late events
   * @param aggregator what to compute
   * @param size length of a window in milliseconds, a multiple of the slide
   * @param slide distance between the starts of two windows in milliseconds; the size for tumbling
   *     windows
   * @param allowedLateness how long after its end a window is corrected, in milliseconds; 0 or more
   * @param early when windows that are not over emit what they have so far
   * @throws IllegalArgumentException when size, slide or lateness is not so
   */
  public PaneOperator(
      String analysis,
      Aggregator<A> aggregator,
      long size,
      long slide,
      long allowedLateness,
      EarlyFiring early) {
    this.analysis = analysis;
    this.aggregator = aggregator;
    this.panes = new Panes(size, slide, allowedLateness);
    this.early = early;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    FixedSettings.check(context, analysis, panes.toString());
    restored =
        RestoredWatermark.open(context, getRuntimeContext().getTaskInfo(), panes.allowedLateness());
    tally = Tally.open(analysis, context, getRuntimeContext());
    used = tally.counter("used");
    late = tally.counter("late");
    partial = tally.counter("partial");
  }

  @Override
  public void open() throws Exception {
    super.open();
    KeyedStateBackend<String> backend = getKeyedStateBackend();
    long cacheBytes = CacheBudget.of(getContainingTask().getEnvironment());
    store = PaneStore.open(backend, "panes", aggregator, cacheBytes);
    sums = new WindowSums<>(store, aggregator, panes, cacheBytes);
    timers = getInternalTimerService("windows", LongSerializer.INSTANCE, this);
    fired = FiredWindows.open(backend, "fired", panes, aggregator).withTimers(timers);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    store.flush(); // The keyed state is snapshotted behind this.
    restored.snapshot(timers.currentWatermark());
    tally.snapshot();
  }

  @Override
  public PaneCombiner<A> combiner(int keyField, boolean isNew) {
    return new PaneCombiner<>(analysis, aggregator, keyField, panes, early, isNew);
  }

  @Override
  public TypeSerializer<A> accumulators() {
    return aggregator.serializer();
  }

  @Override
  public void processElement(StreamRecord<PanePart<A>> element) throws Exception {
    PanePart<A> part = element.getValue();
    if (part.event() != null) {
      processEvent(part.event());
      return;
    }
    long watermark = restored.watermark(timers.currentWatermark(), getCurrentKey());
    // Of a pane that the watermark has not ended: there is nothing late, and nothing to correct.
    part.requireAhead(panes.firstWindowOf(part.pane()), watermark);
    used.add(part.events());
    if (store.merge(part.pane(), part.sum())) {
      startTimers(part.pane(), watermark);
    }
  }

  private void processEvent(Event event) throws Exception {
    long pane = panes.paneOf(event.timestamp());
    long watermark = restored.watermark(timers.currentWatermark(), getCurrentKey());
    long closed = restored.closed(watermark, getCurrentKey());
    if (panes.lastWindowOf(pane).isOverAt(closed)) {
      late.increment();
      OutputRecord record = LateEvent.of(analysis, event, watermark);
      output.collect(new StreamRecord<>(record, event.timestamp()));
      return;
    }
    used.increment();
    if (store.add(pane, event)) {
      startTimers(pane, watermark);
    }
    if (panes.firstWindowOf(pane).isOverAt(watermark)) {
      catchUp(pane, watermark, closed);
    }
  }

  @Override
  public void onEventTime(InternalTimer<String, Long> timer) throws Exception {
    long time = timer.getTimestamp();
    if (timer.getNamespace() == EARLY) {
      fireEarly(time);
      return;
    }
    if (fired.isMine(timer)) {
      fired.onEventTime(timer);
      return;
    }
    Window window = panes.windowAt(timer.getNamespace());
    if (time == window.lastMillisecond()) {
      fire(window, sums.next(key(), window));
      if (sums.slide(key(), window)) {
        setFiringTimer(panes.next(window));
      } else {
        fired.lastFired(window);
      }
    }
    if (panes.closingTime(window) <= time) {
      store.remove(window.start());
      fired.closed(window);
    } else {
      // It fired, and will be corrected for a while. Or the job had a shorter lateness before.
      setClosingTimer(window);
    }
  }

  @Override
  public void onProcessingTime(InternalTimer<String, Long> timer) {
    throw new IllegalStateException("windows are a matter of event time alone");
  }

  /** The first timers of a new pane. */
  private void startTimers(long pane, long watermark) {
    Window next = panes.firstUnfiredOf(pane, watermark);
    if (next.start() <= pane) {
      setFiringTimer(next);
    } else {
      setClosingTimer(panes.lastWindowOf(pane));
    }
    setEarlyTimer(Math.max(next.start(), watermark + 1), panes.lastWindowOf(pane));
  }

  private void setFiringTimer(Window window) {
    timers.registerEventTimeTimer(window.start(), window.lastMillisecond());
  }

  private void setClosingTimer(Window window) {
    timers.registerEventTimeTimer(window.start(), panes.closingTime(window));
  }

  /** The timer of the next early firing after a time, if it comes before a window is over. */
  private void setEarlyTimer(long time, Window last) {
    if (early.isOn() && early.after(time) < last.end()) {
      timers.registerEventTimeTimer(EARLY, early.after(time) - 1);
    }
  }

  /** What an event means for those windows of its pane which have fired before it came. */
  private void catchUp(long pane, long watermark, long closed) throws Exception {
    sums.forget(key());
    Window window = panes.firstWindowOf(pane);
    if (window.isOverAt(closed)) {
      partial.increment();
    }
    Window open = panes.firstOpenAt(closed);
    Window first = open.start() > window.start() ? open : window;
    sums.forEach(
        first,
        Math.min(pane, panes.firstOpenAt(watermark).start() - 1),
        (over, result) -> {
          fire(over, result); // The corrected result.
          fired.corrected(over);
        });
  }

  /** Emits the final result of a window, or corrects it. */
  private void fire(Window window, Result result) throws Exception {
    Firing firing = fired.firing(key(), window, false);
    result.emit(firing, to(window.lastMillisecond()));
    fired.fired(firing, result);
  }

  /** Emits what the windows have so far that have begun before a time and are not over. */
  private void fireEarly(long time) throws Exception {
    boolean isDue = early.isAt(time + 1); // Or the job had another interval before.
    Window[] last = new Window[1];
    sums.forEach(
        panes.firstOpenAt(time),
        panes.paneOf(time),
        (window, result) -> {
          last[0] = window;
          if (isDue) {
            result.emit(fired.firing(key(), window, true), to(time));
          }
        });
    if (last[0] != null) {
      setEarlyTimer(time + 1, last[0]);
    }
  }

  private Consumer<OutputRecord> to(long timestamp) {
    return record -> output.collect(new StreamRecord<>(record, timestamp));
  }

  private String key() {
    return (String) getCurrentKey();
  }
}
