package io.flinkblocks.cdc;

import io.flinkblocks.source.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Knows every row as the changes so far left it, and makes a changelog of them: no change twice,
 * and the row before is always the one that was told last; see {@link RowLogic}.
 *
 * <p>A truncate makes a delete of each of the table's rows, in the order of their keys. So does the
 * end of a snapshot of those that it has not read: they went while nobody listened, or between a
 * snapshot that broke off and the one that followed.
 *
 * <p>State: the row and its last lsns, by row; a deleted one stays for {@link #REMEMBERED_MS} of
 * event time, so that a connector that repeats its last changes after a restart does not bring it
 * back. And the lsn of each table's last truncate, which all subtasks know.
 *
 * <p>Accounting: {@code not-relevant} are duplicates, {@code used} all others. What a truncate or a
 * snapshot's end makes of rows is not counted, nor are corrections.
 */
final class RowsOperator extends AbstractStreamOperator<Change>
    implements OneInputStreamOperator<Routed, Change>, Triggerable<RowKey, VoidNamespace> {
  /** How long a deleted row is remembered; connectors commit where they are every minute. */
  static final long REMEMBERED_MS = Duration.ofHours(1).toMillis();

  private static final long serialVersionUID = 1;

  private final int groups;

  private transient int firstGroup;
  private transient ValueStateDescriptor<RowState> descriptor;
  private transient ValueState<RowState> rows;
  private transient InternalTimerService<VoidNamespace> timers;
  private transient ListState<Tuple2<String, Long>> truncatedState;
  private transient Map<String, Long> truncated;
  private transient Tally tally;
  private transient Tally.Count used;
  private transient Tally.Count notRelevant;

  /**
   * @param groups the number of key groups that the copies are made for
   */
  RowsOperator(int groups) {
    this.groups = groups;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    tally = Tally.open(Audit.OUTPUT, context, getRuntimeContext());
    used = tally.counter("used");
    notRelevant = tally.counter("not-relevant");
    truncatedState =
        context
            .getOperatorStateStore()
            .getUnionListState(
                new ListStateDescriptor<>("truncated", Types.TUPLE(Types.STRING, Types.LONG)));
    truncated = new HashMap<>();
    for (Tuple2<String, Long> entry : truncatedState.get()) {
      truncated.merge(entry.f0, entry.f1, Math::max);
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    TaskInfo task = getRuntimeContext().getTaskInfo();
    if (task.getMaxNumberOfParallelSubtasks() != groups) {
      throw new IllegalStateException(
          task.getMaxNumberOfParallelSubtasks() + " key groups, but copies for " + groups);
    }
    firstGroup =
        KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
                groups, task.getNumberOfParallelSubtasks(), task.getIndexOfThisSubtask())
            .getStartKeyGroup();
    descriptor = new ValueStateDescriptor<>("rows", RowStateSerializer.INSTANCE);
    rows = getPartitionedState(descriptor);
    timers = getInternalTimerService("deleted", VoidNamespaceSerializer.INSTANCE, this);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    List<Tuple2<String, Long>> entries = new ArrayList<>();
    truncated.forEach((table, lsn) -> entries.add(Tuple2.of(table, lsn)));
    truncatedState.update(entries);
    tally.snapshot();
  }

  @Override
  public void processElement(StreamRecord<Routed> element) throws Exception {
    Routed routed = element.getValue();
    if (!routed.isCopy()) {
      change(routed.change());
    } else if (routed.group() == firstGroup) {
      if (routed.change().op() == Op.TRUNCATE) {
        truncate(routed.change(), routed.group() == 0);
      } else {
        endSnapshot(routed.change());
      }
    }
  }

  private void change(Change change) throws Exception {
    if (change.op() == Op.READ) {
      forgetLaterTruncate(change);
    }
    RowState stored = rows.value();
    RowState known = stored == null ? RowState.NONE : stored;
    if (RowLogic.isDuplicate(change, known, truncated.getOrDefault(change.table(), 0L))) {
      notRelevant.increment();
      return;
    }
    used.increment();
    RowLogic.tell(change, known.image()).forEach(this::emit);
    keep(RowLogic.next(change, known));
  }

  private void keep(RowState row) throws Exception {
    if (row.image() == null && row.streamed() == 0) {
      rows.clear();
      return;
    }
    rows.update(row);
    if (row.image() == null) {
      timers.registerEventTimeTimer(VoidNamespace.INSTANCE, row.time() + REMEMBERED_MS);
    }
  }

  /**
   * Takes all rows of a table away.
   *
   * @param isFirst whether this is the one subtask that counts the truncate and passes it on
   */
  private void truncate(Change truncate, boolean isFirst) throws Exception {
    long lsn = truncate.lsn();
    boolean isDuplicate = lsn != 0 && lsn <= truncated.getOrDefault(truncate.table(), 0L);
    if (isFirst) {
      (isDuplicate ? notRelevant : used).increment();
    }
    if (isDuplicate) {
      return;
    }
    truncated.merge(truncate.table(), lsn, Math::max);
    remove(truncate, Cause.TRUNCATION, row -> true);
    if (isFirst) {
      emit(truncate);
    }
  }

  private void endSnapshot(Change end) throws Exception {
    forgetLaterTruncate(end);
    remove(end, Cause.SNAPSHOT, row -> RowLogic.isLeftBehind(row, end));
  }

  /**
   * A truncate with a larger lsn than a snapshot's is of another database, as in the rows' logic.
   */
  private void forgetLaterTruncate(Change snapshot) {
    truncated.computeIfPresent(snapshot.table(), (t, lsn) -> lsn > snapshot.lsn() ? null : lsn);
  }

  /** Removes the rows of a table that leave; their keys are held in memory meanwhile. */
  private void remove(Change reason, Cause cause, Predicate<RowState> leaves) throws Exception {
    List<RowKey> leaving = new ArrayList<>();
    this.<RowKey>getKeyedStateBackend()
        .applyToAllKeys(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            descriptor,
            (key, state) -> {
              if (key.table().equals(reason.table()) && leaves.test(state.value())) {
                leaving.add(key);
              }
            });
    leaving.sort(null);
    for (RowKey key : leaving) {
      setCurrentKey(key);
      Row image = rows.value().image();
      rows.clear();
      if (image != null) {
        emit(RowLogic.gone(reason, cause, key, image));
      }
    }
  }

  private void emit(Change change) {
    output.collect(new StreamRecord<>(change, change.time()));
  }

  /** Forgets a deleted row, unless there is one again or it was deleted once more. */
  @Override
  public void onEventTime(InternalTimer<RowKey, VoidNamespace> timer) throws Exception {
    RowState row = rows.value();
    if (row != null && row.image() == null && row.time() + REMEMBERED_MS <= timer.getTimestamp()) {
      rows.clear();
    }
  }

  @Override
  public void onProcessingTime(InternalTimer<RowKey, VoidNamespace> timer) {
    throw new IllegalStateException("rows are forgotten by event time alone");
  }
}
