package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import io.flinkblocks.source.Resumption;
import io.flinkblocks.source.Tally;
import java.util.Collections;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Adds up the events of a pane where they are read, before they are sent to the subtask of their
 * key: what crosses the network is one sum per key and pane, not every event. So the subtask of a
 * busy key has little to do, and all subtasks of the source share the work.
 *
 * <p>A sum is sent before the watermark that ends its pane, before each early firing, before each
 * checkpoint, and when there are very many events in the sums. So it is never behind the watermark,
 * and windows fire when they would fire without it. An event whose pane the watermark here has
 * ended is sent as it is: it may be late, or correct something. {@link PaneOperator} decides that
 * alone, as it always has, event by event.
 *
 * <p>State: nothing but the watermark. After a restore the sources' watermark starts again, and an
 * event that the keyed operator finds late must not come in a sum: so it counts on from the stored
 * one. That of any subtask will do, unless it was idle: the keyed operator's was not beyond it. So
 * each subtask stores its own often enough for every subtask to get one, to however many the job is
 * rescaled. (Union state would hand all of them to everybody, but Flink refuses checkpoints of it
 * as soon as one subtask is at its end.) Who gets none that counts sends every event as it is.
 *
 * <p>So does who was idle once: the others have moved the keyed operator's watermark meanwhile, and
 * nobody here knows how far. The metric {@code singleEvents} counts the events that were sent as
 * they are.
 *
 * <p>Accounting: the events in the sums are {@code held}, none of them at a checkpoint.
 *
 * @param <A> the accumulator
 */
final class PaneCombiner<A> extends AbstractStreamOperator<PanePart<A>>
    implements OneInputStreamOperator<Event, PanePart<A>> {
  private static final long serialVersionUID = 1;

  /** Stored by a subtask whose watermark says nothing. */
  private static final long UNKNOWN = Long.MAX_VALUE;

  /** Sums of so many events are sent without waiting: they have to fit into memory. */
  static final int MOST_EVENTS = 10_000;

  private final String analysis;
  private final Aggregator<A> aggregator;
  private final int keyField;
  private final Panes panes;
  private final EarlyFiring early;

  /** Whether the keyed operator may be restored and this one not. */
  private final boolean isNewerThanWindows;

  private transient PartialPanes<A> partial;
  private transient ListState<Long> stored;

  /** What the keyed operator's watermark is not beyond: of here, or stored before a restore. */
  private transient long watermark;

  /** Whether the keyed operator's watermark cannot be beyond it: else nothing is added up. */
  private transient boolean combines;

  private transient Counter singleEvents;
  private transient Tally tally;
  private transient Tally.Count held;

  /**
   * @param analysis name of the output, for accounting
   * @param keyField the field of {@link Event} that is the key
   * @param panes those of the keyed operator
   * @param early its early firings
   * @param isNewerThanWindows whether there are savepoints with windows and without this step; a
   *     job that goes on from one sends every event as it is
   */
  PaneCombiner(
      String analysis,
      Aggregator<A> aggregator,
      int keyField,
      Panes panes,
      EarlyFiring early,
      boolean isNewerThanWindows) {
    this.analysis = analysis;
    this.aggregator = aggregator;
    this.keyField = keyField;
    this.panes = panes;
    this.early = early;
    this.isNewerThanWindows = isNewerThanWindows;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    partial = new PartialPanes<>(aggregator, keyField);
    singleEvents = getMetricGroup().counter("singleEvents");
    tally = Tally.open(analysis, context, getRuntimeContext());
    held = tally.gauge("held");
    stored =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("watermark", Types.LONG));
    watermark = Long.MAX_VALUE;
    boolean isNew = true;
    for (long each : stored.get()) {
      watermark = Math.min(watermark, each);
      isNew = false;
    }
    if (isNew) {
      watermark = Long.MIN_VALUE;
      boolean goesOn = context.isRestored() || Resumption.isOf(getRuntimeContext());
      combines = !(goesOn && isNewerThanWindows);
    } else {
      combines = watermark != UNKNOWN;
    }
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    send(Long.MAX_VALUE);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    tally.snapshot();
    int copies = getRuntimeContext().getTaskInfo().getMaxNumberOfParallelSubtasks();
    stored.update(Collections.nCopies(copies, combines ? watermark : UNKNOWN));
  }

  @Override
  public void processElement(StreamRecord<Event> element) {
    Event event = element.getValue();
    long pane = panes.paneOf(event.timestamp());
    if (!combines || panes.firstWindowOf(pane).isOverAt(watermark)) {
      singleEvents.inc();
      output.collect(new StreamRecord<>(PanePart.of(event.string(keyField), event)));
      return;
    }
    partial.add(pane, event);
    held.increment();
    if (partial.size() >= MOST_EVENTS) {
      send(Long.MAX_VALUE);
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    long time = mark.getTimestamp();
    if (time > watermark) {
      if (early.isDue(watermark, time)) {
        send(Long.MAX_VALUE); // What is open is asked for, too.
      } else if (partial.size() > 0) {
        send(panes.firstPaneOpenAt(time));
      }
      watermark = time;
    }
    super.processWatermark(mark);
  }

  @Override
  public void processWatermarkStatus(WatermarkStatus status) throws Exception {
    if (status.isIdle()) {
      send(Long.MAX_VALUE);
      combines = false;
    }
    super.processWatermarkStatus(status);
  }

  @Override
  public void finish() throws Exception {
    send(Long.MAX_VALUE);
    super.finish();
  }

  /** Sends the sums of the panes that start before a time. */
  private void send(long time) {
    partial.takeOutBefore(
        time,
        part -> {
          held.add(-part.events());
          output.collect(new StreamRecord<>(part));
        });
  }
}
