package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.LateEvent;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.source.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Tumbling and sliding event-time windows over a keyed stream of events, for any {@link
 * Aggregator}. Emits results, with the window's last millisecond as their timestamp, and late
 * events.
 *
 * <p>State: one accumulator per key and pane, see {@link PaneStore}. An event is added to its one
 * pane, however many windows contain it; a window's result is made of its panes when it fires.
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
 * So a key whose last window is closed has neither state nor timers.
 *
 * <p>Restarts: what was emitted stays emitted, see {@link RestoredWatermark}. No restored timer is
 * overdue: all were later than the watermark when they were stored, and new ones are set only
 * beyond the larger of restored and current watermark. Hence a window that this watermark has
 * passed has fired, or had no event.
 *
 * <p>Accounting: an event is {@code late} when all its windows are closed, otherwise {@code used}.
 * A used one of which some windows are closed is counted as {@code partial}, too. An event in a
 * pane has become part of a sum; it is not buffered, so nothing is ever {@code held}.
 *
 * @param <A> the accumulator
 */
public final class PaneOperator<A> extends AbstractStreamOperator<OutputRecord>
    implements OneInputStreamOperator<Event, OutputRecord>, Triggerable<String, Long> {
  private static final long serialVersionUID = 1;

  private final String analysis;
  private final Aggregator<A> aggregator;
  private final Panes panes;

  private transient PaneStore<A> store;
  private transient InternalTimerService<Long> timers;
  private transient RestoredWatermark restored;
  private transient Tally tally;
  private transient Tally.Count used;
  private transient Tally.Count late;
  private transient Tally.Count partial;

  /**
   * @param analysis name of the output, for accounting and late events
   * @param aggregator what to compute
   * @param size length of a window in milliseconds, a multiple of the slide
   * @param slide distance between the starts of two windows in milliseconds; the size for tumbling
   *     windows
   * @param allowedLateness how long after its end a window is corrected, in milliseconds; 0 or more
   * @throws IllegalArgumentException when size, slide or lateness is not so
   */
  public PaneOperator(
      String analysis, Aggregator<A> aggregator, long size, long slide, long allowedLateness) {
    this.analysis = analysis;
    this.aggregator = aggregator;
    this.panes = new Panes(size, slide, allowedLateness);
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
    long cacheBytes = CacheBudget.of(getContainingTask().getEnvironment());
    store = PaneStore.open(getKeyedStateBackend(), aggregator, cacheBytes);
    timers = getInternalTimerService("windows", LongSerializer.INSTANCE, this);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    store.flush(); // The keyed state is snapshotted behind this.
    restored.snapshot(timers.currentWatermark());
    tally.snapshot();
  }

  @Override
  public void processElement(StreamRecord<Event> element) throws Exception {
    Event event = element.getValue();
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
      setTimer(pane, watermark);
    }
    if (panes.firstWindowOf(pane).isOverAt(watermark)) {
      catchUp(pane, watermark, closed);
    }
  }

  @Override
  public void onEventTime(InternalTimer<String, Long> timer) throws Exception {
    Window window = panes.windowAt(timer.getNamespace());
    long time = timer.getTimestamp();
    if (time == window.lastMillisecond()) {
      long latestPane = fire(window);
      if (latestPane > window.start()) {
        setFiringTimer(panes.next(window));
      }
    }
    if (panes.closingTime(window) <= time) {
      store.remove(window.start());
    } else {
      // It fired, and will be corrected for a while. Or the job had a shorter lateness before.
      setClosingTimer(window);
    }
  }

  @Override
  public void onProcessingTime(InternalTimer<String, Long> timer) {
    throw new IllegalStateException("windows are a matter of event time alone");
  }

  /** The first timer of a new pane. */
  private void setTimer(long pane, long watermark) {
    Window next = panes.firstUnfiredOf(pane, watermark);
    if (next.start() <= pane) {
      setFiringTimer(next);
    } else {
      setClosingTimer(panes.lastWindowOf(pane));
    }
  }

  private void setFiringTimer(Window window) {
    timers.registerEventTimeTimer(window.start(), window.lastMillisecond());
  }

  private void setClosingTimer(Window window) {
    timers.registerEventTimeTimer(window.start(), panes.closingTime(window));
  }

  /** What an event means for those windows of its pane which have fired before it came. */
  private void catchUp(long pane, long watermark, long closed) throws Exception {
    Window window = panes.firstWindowOf(pane);
    if (window.isOverAt(closed)) {
      partial.increment();
    }
    for (; window.start() <= pane && window.isOverAt(watermark); window = panes.next(window)) {
      if (!window.isOverAt(closed)) {
        fire(window); // The corrected result.
      }
    }
  }

  /**
   * Emits the result of a window, of which at least one pane exists.
   *
   * @return the latest of its panes
   */
  private long fire(Window window) throws Exception {
    List<A> parts = new ArrayList<>();
    long latest = window.start();
    for (long pane = window.start(); pane < window.end(); pane += panes.slide()) {
      A part = store.get(pane);
      if (part != null) {
        parts.add(part);
        latest = pane;
      }
    }
    String key = (String) getCurrentKey();
    long timestamp = window.lastMillisecond();
    Consumer<OutputRecord> out = record -> output.collect(new StreamRecord<>(record, timestamp));
    if (parts.size() == 1) {
      aggregator.emit(key, window, parts.get(0), out); // No need to copy it into a sum.
    } else {
      aggregator.emitPanes(key, window, parts, out);
    }
    return latest;
  }
}
