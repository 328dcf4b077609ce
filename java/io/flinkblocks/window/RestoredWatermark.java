package io.flinkblocks.window;

import java.util.Arrays;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.ManagedInitializationContext;

/**
 * How far event time has come in a keyed operator, over restarts.
 *
 * <p>Flink does not store watermarks: after a restore an operator starts again at {@link
 * Long#MIN_VALUE}, and would take an event of a window that it has emitted before for the first one
 * of a new window. Whether an event is late is therefore judged against the larger of the current
 * and the restored watermark.
 *
 * <p>The same holds for what is closed for good, the watermark minus the allowed lateness: what was
 * closed stays so when the job is restarted with more lateness, because its state is gone.
 *
 * <p>Stored as union list state: ranges of key groups, each with the watermark up to which their
 * timers have fired, and the time up to which they are closed. Every subtask gets all of them and
 * takes what concerns its own key groups. With aligned checkpoints all subtasks stand at the same
 * watermark, and one number would do. With unaligned ones they need not: the smallest of them would
 * let a window of the faster subtask be emitted twice, the largest would drop events that the
 * slower subtask still had to take.
 */
public final class RestoredWatermark {
  private static final long NONE = Long.MIN_VALUE;

  private final ListState<Tuple4<Integer, Integer, Long, Long>> state;
  private final KeyGroupRange keyGroups;
  private final int maxParallelism;
  private final long allowedLateness;

  // By key group, from the first of this subtask on.
  private final long[] watermarks;
  private final long[] closed;
  private final long latestWatermark;
  private final long latestClosed;

  private RestoredWatermark(
      ListState<Tuple4<Integer, Integer, Long, Long>> state,
      KeyGroupRange keyGroups,
      int maxParallelism,
      long allowedLateness)
      throws Exception {
    this.state = state;
    this.keyGroups = keyGroups;
    this.maxParallelism = maxParallelism;
    this.allowedLateness = allowedLateness;
    this.watermarks = new long[keyGroups.getNumberOfKeyGroups()];
    this.closed = new long[watermarks.length];
    Arrays.fill(watermarks, NONE);
    Arrays.fill(closed, NONE);
    for (Tuple4<Integer, Integer, Long, Long> range : state.get()) {
      for (int group : keyGroups.getIntersection(KeyGroupRange.of(range.f0, range.f1))) {
        int i = group - keyGroups.getStartKeyGroup();
        watermarks[i] = range.f2;
        closed[i] = Math.max(range.f3, closedAt(range.f2));
      }
    }
    this.latestWatermark = Arrays.stream(watermarks).max().orElse(NONE);
    this.latestClosed = Arrays.stream(closed).max().orElse(NONE);
  }

  /**
   * Registers the state and reads what was restored; to be called from initializeState.
   *
   * @param allowedLateness in milliseconds; 0 where nothing can be corrected
   */
  public static RestoredWatermark open(
      ManagedInitializationContext context, TaskInfo task, long allowedLateness) throws Exception {
    int maxParallelism = task.getMaxNumberOfParallelSubtasks();
    return new RestoredWatermark(
        context
            .getOperatorStateStore()
            .getUnionListState(
                new ListStateDescriptor<>(
                    "watermark", Types.TUPLE(Types.INT, Types.INT, Types.LONG, Types.LONG))),
        KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
            maxParallelism, task.getNumberOfParallelSubtasks(), task.getIndexOfThisSubtask()),
        maxParallelism,
        allowedLateness);
  }

  /** The watermark that counts for a key of this subtask, given the operator's current one. */
  public long watermark(long current, Object key) {
    // From the first watermarks after a restore on, this costs one comparison.
    return current >= latestWatermark ? current : Math.max(current, watermarks[indexOf(key)]);
  }

  /** The time up to which a key's state is closed, given the watermark that counts for the key. */
  public long closed(long watermark, Object key) {
    long time = closedAt(watermark);
    return time >= latestClosed ? time : Math.max(time, closed[indexOf(key)]);
  }

  /** Stores where every key group stands; to be called from snapshotState. */
  public void snapshot(long current) throws Exception {
    state.clear();
    int first = 0;
    for (int i = 1; i <= watermarks.length; i++) {
      if (i == watermarks.length || !isLikeTheNext(i - 1, current)) {
        add(first, i - 1, current);
        first = i;
      }
    }
  }

  private boolean isLikeTheNext(int i, long current) {
    return Math.max(current, watermarks[i]) == Math.max(current, watermarks[i + 1])
        && Math.max(closedAt(current), closed[i]) == Math.max(closedAt(current), closed[i + 1]);
  }

  private void add(int first, int last, long current) throws Exception {
    long watermark = Math.max(current, watermarks[first]);
    if (watermark != NONE) {
      int start = keyGroups.getStartKeyGroup();
      long closedTo = Math.max(closedAt(current), closed[first]);
      state.add(Tuple4.of(start + first, start + last, watermark, closedTo));
    }
  }

  /** The watermark minus the lateness; before the first watermark nothing is closed. */
  private long closedAt(long watermark) {
    return Math.max(watermark, NONE + allowedLateness) - allowedLateness;
  }

  private int indexOf(Object key) {
    return KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism)
        - keyGroups.getStartKeyGroup();
  }
}
