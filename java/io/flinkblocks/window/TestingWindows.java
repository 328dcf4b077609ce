package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.state.CheckpointStorageLocationReference;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFinalizer;

/** One subtask of a {@link PaneOperator}, keyed by category, in Flink's operator harness. */
public final class TestingWindows extends TestingOperator {
  private static final int MAX_SAVEPOINT = 1 << 20;

  private TestingWindows(Opened opened) {
    super(opened);
  }

  /** An operator that shows event ids, as analysis {@code ids}; all times in ms. */
  public static Builder<TestingWindows> ids(long size, long slide, long allowedLateness) {
    return of("ids", new PaneOperator<>("ids", new TestingIds(), size, slide, allowedLateness));
  }

  /** Any operator. */
  public static Builder<TestingWindows> of(String analysis, PaneOperator<?> operator) {
    return new Builder<>(analysis, operator, Event::category, TestingWindows::new);
  }

  /** Sends a view with an id. */
  public void send(String key, String id, long timestamp) throws Exception {
    send(TestingEvents.event(key, id, timestamp));
  }

  /** A savepoint that any state backend can be restored from. */
  public OperatorSubtaskState savepoint() throws Exception {
    var format = SavepointType.savepoint(SavepointFormatType.CANONICAL);
    var options = new CheckpointOptions(format, CheckpointStorageLocationReference.getDefault());
    var writing =
        operator().snapshotState(1, 1, options, new MemCheckpointStreamFactory(MAX_SAVEPOINT));
    return OperatorSnapshotFinalizer.create(writing).getJobManagerOwnedState();
  }

  /** Accumulators in the state, of all keys. */
  public long panes() {
    return entries("panes");
  }

  /** The operator itself. */
  public PaneOperator<?> operator() {
    return (PaneOperator<?>) abstractOperator();
  }
}
