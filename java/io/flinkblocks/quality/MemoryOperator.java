package io.flinkblocks.quality;

import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.internal.InternalListState;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Hands the parts of each subject to the check of their rule in the order of event time and, within
 * a millisecond, of the database's log. Emits the check's alerts.
 *
 * <p>Tables are read independently of each other, and the rows of one table on several subtasks. So
 * a part is held until the watermark reaches its time: then nothing earlier is missing, and the
 * alerts are the same however the parts were interleaved. One that comes later still is handed over
 * at once: what is remembered must be right in the end. And so is what a snapshot reads: event time
 * stands still meanwhile, so that a whole database would be held.
 *
 * <p>A row's parts stay in their order, also when the database's clock is set back: none is handed
 * over before one of the same row that came earlier.
 *
 * <p>State, by rule and subject: held parts, and the rows that are to be looked at, each in lists
 * whose namespace is their time, with one timer for both; for rows with held parts their number and
 * the latest time; and the check's {@link Memory}. A rule that is no longer there leaves its state
 * behind, untouched.
 */
final class MemoryOperator extends AbstractStreamOperator<OutputRecord>
    implements OneInputStreamOperator<Part, OutputRecord>, Triggerable<String, VoidNamespace> {
  private static final long serialVersionUID = 1;

  private static final TypeInformation<Tuple2<Integer, Long>> COUNT_AND_TIME =
      Types.TUPLE(Types.INT, Types.LONG);

  private final List<Rule> rules;
  private final long grace;

  private transient Map<String, Checker> checkers;
  private transient InternalListState<String, Long, Part> held;
  private transient MapState<String, Tuple2<Integer, Long>> heldOfRow;
  private transient InternalListState<String, Long, String> looks;
  private transient InternalTimerService<VoidNamespace> timers;
  private transient StateMemory memory;
  private transient JsonWriter json;

  /**
   * @param rules those with memory
   * @param grace how long a row may wait for what it refers to, in ms of event time
   */
  MemoryOperator(List<Rule> rules, long grace) {
    this.rules = rules;
    this.grace = grace;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    KnownRules.check(context, getRuntimeContext(), rules);
  }

  @Override
  @SuppressWarnings("unchecked") // The only way to a state with a namespace of one's own.
  public void open() throws Exception {
    super.open();
    json = new JsonWriter();
    checkers = new HashMap<>();
    rules.forEach(rule -> checkers.put(rule.name(), new Checker(rule)));
    held =
        (InternalListState<String, Long, Part>)
            getOrCreateKeyedState(
                LongSerializer.INSTANCE, new ListStateDescriptor<>("held", Part.TYPE));
    looks =
        (InternalListState<String, Long, String>)
            getOrCreateKeyedState(
                LongSerializer.INSTANCE, new ListStateDescriptor<>("looks", Types.STRING));
    heldOfRow =
        getRuntimeContext()
            .getMapState(new MapStateDescriptor<>("held-of-row", Types.STRING, COUNT_AND_TIME));
    timers = getInternalTimerService("looks", VoidNamespaceSerializer.INSTANCE, this);
    memory = new StateMemory(getRuntimeContext(), this::lookAt);
  }

  private void lookAt(String row, long time) throws Exception {
    looks.setCurrentNamespace(time);
    looks.add(row);
    timers.registerEventTimeTimer(VoidNamespace.INSTANCE, time);
  }

  @Override
  public void processElement(StreamRecord<Part> element) throws Exception {
    Part part = element.getValue();
    Tuple2<Integer, Long> earlier = heldOfRow.get(part.heldAs());
    boolean isAtOnce =
        part.origin() == Part.Origin.SNAPSHOT || part.time() <= timers.currentWatermark();
    if (earlier == null && isAtOnce) {
      take(part);
      return;
    }
    long time = earlier == null ? part.time() : Math.max(part.time(), earlier.f1);
    heldOfRow.put(part.heldAs(), Tuple2.of(earlier == null ? 1 : earlier.f0 + 1, time));
    held.setCurrentNamespace(time);
    held.add(part);
    timers.registerEventTimeTimer(VoidNamespace.INSTANCE, time);
  }

  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    long time = timer.getTimestamp();
    // What comes at the last moment is in time.
    for (Part part : due(held, time, LogOrder.INSTANCE)) {
      release(part);
      take(part);
    }
    Checker checker = checkers.get(Part.ruleOf(timer.getKey()));
    for (String row : due(looks, time, Comparator.naturalOrder())) {
      if (checker != null) {
        checker.look(row, time, Part.subjectOf(timer.getKey()));
      }
    }
  }

  /** Takes what waits for a time out of its state. */
  private static <T> List<T> due(
      InternalListState<String, Long, T> state, long time, Comparator<? super T> order)
      throws Exception {
    state.setCurrentNamespace(time);
    List<T> due = state.getInternal();
    if (due == null) {
      return List.of();
    }
    state.clear();
    due.sort(order);
    return due;
  }

  private void release(Part part) throws Exception {
    Tuple2<Integer, Long> ofRow = heldOfRow.get(part.heldAs());
    if (ofRow.f0 == 1) {
      heldOfRow.remove(part.heldAs());
    } else {
      heldOfRow.put(part.heldAs(), Tuple2.of(ofRow.f0 - 1, ofRow.f1));
    }
  }

  private void take(Part part) throws Exception {
    Checker checker = checkers.get(part.rule());
    if (checker != null) {
      checker.take(part);
    }
  }

  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
    throw new IllegalStateException("grace is a matter of event time alone");
  }

  /** A rule's check, and where its alerts go. */
  private final class Checker {
    private final Rule rule;
    private final KeyedCheck check;

    Checker(Rule rule) {
      this.rule = rule;
      this.check = KeyedCheck.of(rule, grace);
    }

    void take(Part part) throws Exception {
      check.take(part, memory, emitter(part.subject(), part.time()));
    }

    void look(String row, long now, String subject) throws Exception {
      check.look(row, now, memory, emitter(subject, now));
    }

    private Consumer<Alert> emitter(String subject, long time) {
      String table = rule.check() == Check.SCHEMA ? subject : rule.table();
      return alert -> output.collect(new StreamRecord<>(alert.record(rule, table, json), time));
    }
  }
}
