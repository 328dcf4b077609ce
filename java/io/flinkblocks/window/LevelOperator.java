package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.LateEvent;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.source.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
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
 * Tumbling event-time windows on several levels over events by key, for any {@link Aggregator}; the
 * second of two steps, see {@link CombinedOperator}. The levels are as minutes, then blocks of
 * minutes, then hours. Only the lowest level adds up events; the result of a window above is made
 * of the results of the windows below it. Emits the results of all levels, with the window's last
 * millisecond as their timestamp, and late events.
 *
 * <p>An event concerns one window of each level. A window fires when the watermark reaches its last
 * millisecond; an event that comes after that, within the allowed lateness, makes it fire again,
 * and then those windows above it that have fired, with its new result in the place of the old one.
 *
 * <p>State: see {@link LevelStore}. What a window is made of stays until it is closed, its result
 * until the window above is closed. Without allowed lateness that is when they fire.
 *
 * <p>Timers: their namespace is the end of windows, so one timer serves the windows of all levels
 * that end there, and fires them from the lowest level up. On the lowest level it is set with the
 * first event of a window, above it when the first window below has fired. With allowed lateness
 * there is a second one, at the windows' closing time. So a key whose last window on the highest
 * level is closed has neither state nor timers.
 *
 * <p>Restarts: what was emitted stays emitted, as in {@link PaneOperator}.
 *
 * <p>Accounting: an event is {@code late} when its window on the lowest level is closed, whatever
 * the others are, otherwise {@code used}. Nothing is ever {@code held}.
 *
 * @param <A> the accumulator
 */
public final class LevelOperator<A> extends AbstractStreamOperator<OutputRecord>
    implements CombinedOperator<A>, Triggerable<String, Long> {
  private static final long serialVersionUID = 1;

  private final String analysis;
  private final Aggregator<A> aggregator;

  /** From the lowest up; each the tumbling windows of one length. */
  private final ArrayList<Panes> levels = new ArrayList<>();

  private transient LevelStore<A> store;
  private transient List<FiredWindows> fired;
  private transient InternalTimerService<Long> timers;
  private transient RestoredWatermark restored;
  private transient Tally tally;
  private transient Tally.Count used;
  private transient Tally.Count late;

  /**
   * @param analysis name of the output, for accounting and late events
   * @param aggregator what to compute; it knows the level by the length of the window
   * @param sizes lengths of the windows in milliseconds, from the lowest level up, each a multiple
   *     of the one before; at least two
   * @param allowedLateness how long after its end a window of the lowest level takes events, in
   *     milliseconds; 0 or more
   * @throws IllegalArgumentException when sizes or lateness are not so
   */
  public LevelOperator(
      String analysis, Aggregator<A> aggregator, List<Long> sizes, long allowedLateness) {
    if (sizes.size() < 2) {
      throw new IllegalArgumentException("levels are two or more, not " + sizes.size());
    }
    this.analysis = analysis;
    this.aggregator = aggregator;
    Panes below = null;
    for (long size : sizes) {
      if (below != null && (size <= below.size() || size % below.size() != 0)) {
        throw new IllegalArgumentException(
            "windows of %,d ms are not made of windows of %,d ms".formatted(size, below.size()));
      }
      below = new Panes(size, size, allowedLateness);
      levels.add(below);
    }
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    FixedSettings.check(
        context, analysis, levels.stream().map(Panes::toString).collect(Collectors.joining(", ")));
    restored =
        RestoredWatermark.open(
            context, getRuntimeContext().getTaskInfo(), levels.get(0).allowedLateness());
    tally = Tally.open(analysis, context, getRuntimeContext());
    used = tally.counter("used");
    late = tally.counter("late");
  }

  @Override
  public void open() throws Exception {
    super.open();
    KeyedStateBackend<String> backend = getKeyedStateBackend();
    long cacheBytes = CacheBudget.of(getContainingTask().getEnvironment());
    store = new LevelStore<>(backend, levels, aggregator, cacheBytes);
    fired = new ArrayList<>();
    for (int level = 0; level < levels.size(); level++) {
      fired.add(FiredWindows.open(backend, "fired-" + level, levels.get(level), aggregator));
    }
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
  public PaneCombiner<A> combiner(int keyField, boolean isNew) {
    return new PaneCombiner<>(
        analysis, aggregator, keyField, levels.get(0), EarlyFiring.OFF, isNew);
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
    // Of a window that the watermark has not ended: there is nothing late, nothing to correct.
    Window window = levels.get(0).windowAt(part.pane());
    part.requireAhead(window, restored.watermark(timers.currentWatermark(), getCurrentKey()));
    used.add(part.events());
    if (store.merge(part.pane(), part.sum())) {
      setFiringTimer(window);
    }
  }

  private void processEvent(Event event) throws Exception {
    Window window = windowAt(0, event.timestamp());
    long watermark = restored.watermark(timers.currentWatermark(), getCurrentKey());
    if (window.isOverAt(restored.closed(watermark, getCurrentKey()))) {
      late.increment();
      OutputRecord record = LateEvent.of(analysis, event, watermark);
      output.collect(new StreamRecord<>(record, event.timestamp()));
      return;
    }
    used.increment();
    boolean isFirst = store.add(window.start(), event);
    if (window.isOverAt(watermark)) {
      fire(event.timestamp(), watermark); // The corrected results.
    } else if (isFirst) {
      setFiringTimer(window);
    }
  }

  @Override
  public void onEventTime(InternalTimer<String, Long> timer) throws Exception {
    long last = timer.getNamespace() - 1; // Of the windows that end there.
    long time = timer.getTimestamp();
    if (time == last) {
      fire(last, time);
      return;
    }
    for (int level = 0; level < levels.size(); level++) {
      Window window = windowAt(level, last);
      if (window.lastMillisecond() == last) {
        close(level, window, time);
      }
    }
  }

  @Override
  public void onProcessingTime(InternalTimer<String, Long> timer) {
    throw new IllegalStateException("windows are a matter of event time alone");
  }

  /**
   * Emits the results of those windows around an instant that are over, from the lowest level up.
   * The next one above gets its timer, and will look after the rest.
   *
   * @param time how far event time has come for these windows
   */
  private void fire(long instant, long time) throws Exception {
    for (int level = 0; level < levels.size(); level++) {
      Window window = windowAt(level, instant);
      if (!window.isOverAt(time)) {
        setFiringTimer(window);
        return;
      }
      emit(level, window);
      close(level, window, time);
    }
  }

  /** Emits the result of a window, if it has events: it may end with a window above that has. */
  private void emit(int level, Window window) throws Exception {
    A sum = store.result(level, window);
    if (sum == null) {
      return;
    }
    Result result = Result.of(aggregator, List.of(sum));
    Firing firing = fired.get(level).firing((String) getCurrentKey(), window, false);
    long timestamp = window.lastMillisecond();
    result.emit(firing, record -> output.collect(new StreamRecord<>(record, timestamp)));
    fired.get(level).fired(firing, result);
  }

  /** Removes what nobody needs of a window that has fired; later, if it may be corrected. */
  private void close(int level, Window window, long time) throws Exception {
    long closing = levels.get(level).closingTime(window);
    if (closing > time) {
      timers.registerEventTimeTimer(window.end(), closing);
      return;
    }
    store.removeParts(level, window);
    fired.get(level).forget(window);
  }

  private void setFiringTimer(Window window) {
    timers.registerEventTimeTimer(window.end(), window.lastMillisecond());
  }

  private Window windowAt(int level, long instant) {
    Panes windows = levels.get(level);
    return windows.windowAt(windows.paneOf(instant));
  }
}
