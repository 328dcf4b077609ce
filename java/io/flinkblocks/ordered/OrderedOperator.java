package io.flinkblocks.ordered;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.EventOrder;
import io.flinkblocks.output.LateEvent;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.source.Tally;
import io.flinkblocks.window.CacheBudget;
import io.flinkblocks.window.RestoredWatermark;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.BooleanSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.typeutils.runtime.TupleSerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.internal.InternalListState;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Hands each key's events to a {@link KeyedLogic} in the order of {@link EventOrder}, whatever
 * order they come in. Emits the logic's records, and late events.
 *
 * <p>An event is held until the watermark reaches its timestamp; from then on an event of that time
 * is late, and there is no lateness to allow, since what was handed over cannot be taken back. The
 * watermark counts over restarts, see {@link RestoredWatermark}.
 *
 * <p>State: a list of events per key and timestamp, the timestamp being the state's namespace, with
 * a timer each. An event is appended once, and read and removed once with those that it ties with,
 * so the work is linear however many events a key holds, in every state backend. And one {@link
 * Slot} per key for the logic's state, with at most one timer, which is moved only when it has
 * fired or the logic wants an earlier one: an expiry that each event puts off costs nothing. On
 * RocksDB the slot of a busy key is not written for each of its events, see {@link SlotStore}.
 *
 * <p>Of a key's timers those of the same millisecond fire in no certain order. So the logic's timer
 * is looked at before an event is handed over, too, and at its own turn it may find its work done.
 *
 * <p>Accounting: {@code late}; {@code held}, which is a gauge; {@code used} once handed over.
 *
 * @param <S> the logic's state of one key
 */
public final class OrderedOperator<S> extends AbstractStreamOperator<OutputRecord>
    implements OneInputStreamOperator<Event, OutputRecord>, Triggerable<String, Boolean> {
  private static final long serialVersionUID = 1;

  // Whose a timer is, as its namespace.
  private static final Boolean EVENTS = Boolean.TRUE;
  private static final Boolean LOGIC = Boolean.FALSE;

  private final String analysis;
  private final KeyedLogic<S> logic;

  private transient InternalListState<String, Long, Event> events;
  private transient SlotStore<Tuple2<Long, S>> slots;
  private transient InternalTimerService<Boolean> timers;
  private transient RestoredWatermark restored;
  private transient Emitter emitter;
  private transient Tally tally;
  private transient Tally.Count used;
  private transient Tally.Count late;
  private transient Tally.Count held;

  /**
   * @param analysis name of the output, for accounting and late events
   * @param logic what to do with the events
   */
  public OrderedOperator(String analysis, KeyedLogic<S> logic) {
    this.analysis = analysis;
    this.logic = logic;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    restored = RestoredWatermark.open(context, getRuntimeContext().getTaskInfo(), 0);
    tally = Tally.open(analysis, context, getRuntimeContext());
    used = tally.counter("used");
    late = tally.counter("late");
    held = tally.gauge("held");
  }

  @Override
  @SuppressWarnings("unchecked") // The only way to a state with a namespace of one's own.
  public void open() throws Exception {
    super.open();
    emitter = new Emitter();
    events =
        (InternalListState<String, Long, Event>)
            getOrCreateKeyedState(
                LongSerializer.INSTANCE, new ListStateDescriptor<>("held", Event.TYPE));
    slots =
        SlotStore.open(
            this.<String>getKeyedStateBackend(),
            "logic",
            slotSerializer(),
            slot -> logic.footprint(slot.f1),
            CacheBudget.of(getContainingTask().getEnvironment()));
    timers = getInternalTimerService("order", BooleanSerializer.INSTANCE, this);
  }

  @SuppressWarnings("unchecked") // Tuple2.class knows nothing of its type parameters.
  private TypeSerializer<Tuple2<Long, S>> slotSerializer() {
    return new TupleSerializer<>(
        (Class<Tuple2<Long, S>>) (Class<?>) Tuple2.class,
        new TypeSerializer<?>[] {LongSerializer.INSTANCE, logic.serializer()});
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    slots.flush(); // The keyed state is snapshotted behind this.
    restored.snapshot(timers.currentWatermark());
    tally.snapshot();
  }

  @Override
  public void processElement(StreamRecord<Event> element) throws Exception {
    Event event = element.getValue();
    long time = event.timestamp();
    long watermark = restored.watermark(timers.currentWatermark(), getCurrentKey());
    if (time <= watermark) {
      late.increment();
      emitter.at(time).accept(LateEvent.of(analysis, event, watermark));
      return;
    }
    held.increment();
    events.setCurrentNamespace(time);
    events.add(event);
    timers.registerEventTimeTimer(EVENTS, time);
  }

  @Override
  public void onEventTime(InternalTimer<String, Boolean> timer) throws Exception {
    long time = timer.getTimestamp();
    Slot slot = new Slot(timer.getKey(), slots.take());
    if (LOGIC.equals(timer.getNamespace())) {
      slot.timerIsGone();
      slot.fireUpTo(time);
    } else {
      handOver(time, slot);
    }
    slot.store();
  }

  @Override
  public void onProcessingTime(InternalTimer<String, Boolean> timer) {
    throw new IllegalStateException("order is a matter of event time alone");
  }

  /** The key's events of one timestamp. */
  private void handOver(long time, Slot slot) throws Exception {
    events.setCurrentNamespace(time);
    List<Event> due = events.getInternal();
    events.clear();
    if (due.size() > 1) {
      due.sort(EventOrder.INSTANCE);
    }
    for (Event event : due) {
      slot.fireUpTo(time);
      slot.take(event);
    }
    held.add(-due.size());
    used.add(due.size());
  }

  /** The logic's state of the key at hand, and its timer. */
  private final class Slot {
    private final String key;

    /** Null when nothing is known of the key. */
    private S state;

    /** When the logic's timer is set to fire, at the latest when it wants to; NEVER for none. */
    private long timer;

    Slot(String key, Tuple2<Long, S> stored) {
      this.key = key;
      this.state = stored == null ? null : stored.f1;
      this.timer = stored == null ? KeyedLogic.NEVER : stored.f0;
    }

    void timerIsGone() {
      timer = KeyedLogic.NEVER;
    }

    /** Tells the logic of the times that it waits for, in their order. */
    void fireUpTo(long now) {
      while (state != null && logic.timer(state) <= now) {
        long time = logic.timer(state);
        logic.onTimer(key, time, state, emitter.at(time));
        if (logic.timer(state) <= time) {
          throw new IllegalStateException(
              logic.getClass().getName() + " had its timer of " + time + " and wants no later one");
        }
        forgetIfOver();
      }
    }

    void take(Event event) {
      if (state == null) {
        state = logic.create();
      }
      logic.onEvent(event, state, emitter.at(event.timestamp()));
      forgetIfOver();
    }

    private void forgetIfOver() {
      if (logic.timer(state) == KeyedLogic.NEVER) {
        state = null;
      }
    }

    void store() throws Exception {
      setTimer(state == null ? KeyedLogic.NEVER : logic.timer(state));
      if (state != null) {
        slots.put(Tuple2.of(timer, state));
      } else {
        slots.remove();
      }
    }

    private void setTimer(long wanted) {
      if (timer <= wanted && wanted != KeyedLogic.NEVER) {
        return; // Early enough; then it finds out when it is wanted next.
      }
      if (timer != KeyedLogic.NEVER) {
        timers.deleteEventTimeTimer(LOGIC, timer);
      }
      if (wanted != KeyedLogic.NEVER) {
        timers.registerEventTimeTimer(LOGIC, wanted);
      }
      timer = wanted;
    }
  }

  /** Where the logic's records go. */
  private final class Emitter implements Consumer<OutputRecord> {
    private long timestamp;

    Emitter at(long time) {
      timestamp = time;
      return this;
    }

    @Override
    public void accept(OutputRecord record) {
      output.collect(new StreamRecord<>(record, timestamp));
    }
  }
}
