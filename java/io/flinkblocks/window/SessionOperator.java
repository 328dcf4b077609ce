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
 * Sessions in event time over a keyed stream of events, for any {@link SessionAggregator}. Emits
 * results, with the time at which the session was over as their timestamp, retractions, and late
 * events.
 *
 * <p>A gap of at most the timeout joins. A session is <em>over</em>, and emitted, when the
 * watermark reaches its last event + timeout; it is <em>closed</em> when the watermark is the
 * allowed lateness beyond that. In between, late events that reach it make it be emitted again, or
 * open again when they, or the session that they join it to, last longer. A record whose session
 * has got another start is retracted at once; the records of one start are numbered.
 *
 * <p>Early firings: open sessions that have begun emit what they have so far, with the time of the
 * firing as timestamp. An early record is no revision, but is retracted like others.
 *
 * <p>State: see {@link SessionState}. An event ahead of the watermark reaches none but open
 * sessions, so it costs a single access to one value. Only events behind the watermark look at
 * emitted ones.
 *
 * <p>Timers: see {@link SessionTimers}. A key whose last session is closed has neither.
 *
 * <p>Restarts: what was emitted stays emitted, see {@link RestoredWatermark}.
 *
 * <p>Accounting: an event is {@code late} when it reaches no session that is not closed, and alone
 * would be a closed one; otherwise {@code used}. Nothing is ever {@code held}, as in {@link
 * PaneOperator}.
 *
 * @param <S> the sessions
 */
public final class SessionOperator<S extends Session> extends AbstractStreamOperator<OutputRecord>
    implements OneInputStreamOperator<Event, OutputRecord>, Triggerable<String, Long> {
  private static final long serialVersionUID = 1;

  private final String analysis;
  private final SessionAggregator<S> aggregator;
  private final Sessionizer<S> sessionizer;
  private final long timeout;
  private final long allowedLateness;
  private final EarlyFiring early;

  private transient SessionState<S> state;
  private transient AddToSessions<S> adding;
  private transient SessionTimers timers;
  private transient RestoredWatermark restored;
  private transient Tally.Count used;
  private transient Tally.Count late;
  private transient Tally tally;

  /** An operator without early firings; see the other constructor. */
  public SessionOperator(
      String analysis, SessionAggregator<S> aggregator, long timeout, long allowedLateness) {
    this(analysis, aggregator, timeout, allowedLateness, EarlyFiring.OFF);
  }

  /**
   * @param analysis name of the output, for accounting and late events
   * @param aggregator what to compute
   * @param timeout the longest gap within a session, in milliseconds; positive
   * @param allowedLateness how long a session that is over is corrected, in milliseconds; 0 or more
   * @param early when open sessions emit what they have so far
   * @throws IllegalArgumentException when timeout or lateness is not so
   */
  public SessionOperator(
      String analysis,
      SessionAggregator<S> aggregator,
      long timeout,
      long allowedLateness,
      EarlyFiring early) {
    // Parts of the range of a long leave room for adding both to any timestamp.
    if (timeout <= 0 || timeout > Long.MAX_VALUE / 4) {
      throw new IllegalArgumentException("no such session timeout: " + timeout + " ms");
    }
    if (allowedLateness < 0 || allowedLateness > Long.MAX_VALUE / 2) {
      throw new IllegalArgumentException("no such allowed lateness: " + allowedLateness + " ms");
    }
    this.analysis = analysis;
    this.aggregator = aggregator;
    this.sessionizer = new Sessionizer<>(aggregator, timeout);
    this.timeout = timeout;
    this.allowedLateness = allowedLateness;
    this.early = early;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    restored = RestoredWatermark.open(context, getRuntimeContext().getTaskInfo(), allowedLateness);
    tally = Tally.open(analysis, context, getRuntimeContext());
    used = tally.counter("used");
    late = tally.counter("late");
  }

  @Override
  public void open() throws Exception {
    super.open();
    adding = new AddToSessions<>(sessionizer, () -> state.overflow(), early.isOn());
    state = new SessionState<>(getKeyedStateBackend(), aggregator.serializer(), adding);
    InternalTimerService<Long> service =
        getInternalTimerService("sessions", LongSerializer.INSTANCE, this);
    timers = new SessionTimers(service, early);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    restored.snapshot(timers.watermark());
    tally.snapshot();
  }

  @Override
  public void processElement(StreamRecord<Event> element) throws Exception {
    Event event = element.getValue();
    long watermark = restored.watermark(timers.watermark(), getCurrentKey());
    if (event.timestamp() <= watermark) {
      processBehind(event, watermark);
      return;
    }
    // An emitted session ends at least a timeout before the watermark: out of this event's reach.
    used.increment();
    state.add(event);
    retract(event.timestamp());
    if (adding.firstIsNew()) {
      timers.setOpen(event.timestamp() + timeout);
    }
    if (adding.isStart()) {
      timers.setEarly(event.timestamp(), watermark);
    }
  }

  @Override
  public void onEventTime(InternalTimer<String, Long> timer) throws Exception {
    if (timer.getNamespace() == SessionTimers.OPEN) {
      endSessions(timer.getTimestamp());
    } else if (timer.getNamespace() == SessionTimers.EARLY) {
      fireEarly(timer.getTimestamp());
    } else {
      close(timer.getNamespace(), timer.getTimestamp());
    }
  }

  @Override
  public void onProcessingTime(InternalTimer<String, Long> timer) {
    throw new IllegalStateException("sessions are a matter of event time alone");
  }

  /** An event that the watermark has reached: it may be late, or correct what was emitted. */
  private void processBehind(Event event, long watermark) throws Exception {
    long timestamp = event.timestamp();
    long closed = restored.closed(watermark, getCurrentKey());
    List<S> sessions = state.open();
    List<S> corrected = emittedInReach(timestamp, closed);
    if (timestamp + timeout <= closed
        && corrected.isEmpty()
        && !sessionizer.reachesAny(sessions, timestamp)) {
      late.increment();
      to(timestamp).accept(LateEvent.of(analysis, event, watermark));
      return;
    }
    used.increment();
    // They are open again; those that are over all the same are emitted right below.
    boolean firstIsNew = false;
    for (S session : corrected) {
      state.takeEmitted(session);
      firstIsNew |= sessionizer.insert(session, sessions);
    }
    adding.add(event, sessions);
    firstIsNew |= adding.firstIsNew();
    retract(timestamp);
    emitOver(sessions, watermark);
    state.storeOpen(sessions);
    if (firstIsNew && !sessions.isEmpty()) {
      timers.setOpen(sessions.get(0).last() + timeout);
    }
    timers.updateEarly(sessions, watermark);
  }

  /** The emitted sessions that an event joins. Closed ones are removed on the way. */
  private List<S> emittedInReach(long timestamp, long closed) throws Exception {
    List<S> inReach = new ArrayList<>();
    List<S> closedOnes = new ArrayList<>();
    for (S session : state.emitted()) {
      if (session.last() + timeout <= closed) {
        closedOnes.add(session); // The job had a longer lateness when it was emitted.
      } else if (sessionizer.reaches(session, timestamp)) {
        inReach.add(session);
      }
    }
    for (S session : closedOnes) {
      state.removeEmitted(session);
    }
    return inReach;
  }

  /** Emits the open sessions that are over at a time, and looks when to do so again. */
  private void endSessions(long time) throws Exception {
    List<S> sessions = state.open(); // None, when they have become part of an emitted one.
    if (emitOver(sessions, time)) {
      state.storeOpen(sessions);
    }
    if (!sessions.isEmpty()) {
      timers.setOpen(sessions.get(0).last() + timeout);
    }
    timers.updateEarly(sessions, time);
  }

  /** Emits the open sessions that have begun at a time and are not over. */
  private void fireEarly(long time) throws Exception {
    List<S> sessions = state.open();
    if (early.isAt(time + 1)) { // Otherwise the job had another interval before.
      for (S session : sessions) {
        if (session.start() <= time && time < session.last() + timeout) {
          fire(session, true, time);
        }
      }
      state.storeOpen(sessions);
    }
    timers.updateEarly(sessions, time);
  }

  /**
   * Emits those of the sessions that are over at a time, and takes them out.
   *
   * @return whether there were any
   */
  private boolean emitOver(List<S> sessions, long time) throws Exception {
    int over = 0;
    while (over < sessions.size() && sessions.get(over).last() + timeout <= time) {
      emit(sessions.get(over), time);
      over++;
    }
    sessions.subList(0, over).clear();
    return over > 0;
  }

  private void emit(S session, long time) throws Exception {
    long timestamp = session.last() + timeout;
    fire(session, false, timestamp);
    long closing = timestamp + allowedLateness;
    if (closing <= time) {
      state.overflow().clear(session);
    } else {
      state.storeEmitted(session);
      timers.setClosing(session.start(), closing);
    }
  }

  private void fire(S session, boolean isEarly, long timestamp) {
    SessionFiring firing = new SessionFiring(key(), session.revision(), isEarly);
    aggregator.emit(firing, session, state.overflow(), to(timestamp));
    session.publish(isEarly);
  }

  /** Removes an emitted session, unless it has grown since its timer was set. */
  private void close(long start, long time) throws Exception {
    S session = state.emitted(start);
    if (session == null) {
      return; // It has become part of another, or is open again.
    }
    long closing = session.last() + timeout + allowedLateness;
    if (closing <= time) {
      state.removeEmitted(session);
    } else {
      timers.setClosing(start, closing);
    }
  }

  private void retract(long timestamp) {
    for (long start : adding.takeRetracted()) {
      aggregator.retract(key(), start, to(timestamp));
    }
  }

  private Consumer<OutputRecord> to(long timestamp) {
    return record -> output.collect(new StreamRecord<>(record, timestamp));
  }

  private String key() {
    return (String) getCurrentKey();
  }
}
