package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.state.CheckpointStorageLocationReference;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFinalizer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** One subtask of a {@link PaneOperator}, keyed by category, in Flink's operator harness. */
public final class TestingWindows implements AutoCloseable {
  /** Number of key groups. */
  public static final int MAX_PARALLELISM = 8;

  private static final int MAX_SAVEPOINT = 1 << 20;

  private final KeyedOneInputStreamOperatorTestHarness<String, Event, OutputRecord> harness;
  private final StreamRecord<Event> reused = new StreamRecord<>(null);
  private final String analysis;

  private TestingWindows(
      String analysis,
      KeyedOneInputStreamOperatorTestHarness<String, Event, OutputRecord> harness) {
    this.analysis = analysis;
    this.harness = harness;
  }

  /** Where a subtask runs and what it starts with. */
  public static final class Builder {
    private final String analysis;
    private final PaneOperator<?> operator;
    private int parallelism = 1;
    private int subtask = 0;
    private StateBackend backend;
    private OperatorSubtaskState state;

    private Builder(String analysis, PaneOperator<?> operator) {
      this.analysis = analysis;
      this.operator = operator;
    }

    /** One of several subtasks. */
    public Builder subtask(int index, int of) {
      subtask = index;
      parallelism = of;
      return this;
    }

    /** Another state backend than heap. */
    public Builder backend(StateBackend stateBackend) {
      backend = stateBackend;
      return this;
    }

    /** The state that subtasks of so many stored. */
    public Builder restore(int oldParallelism, OperatorSubtaskState... states) throws Exception {
      state =
          AbstractStreamOperatorTestHarness.repartitionOperatorState(
              AbstractStreamOperatorTestHarness.repackageState(states),
              MAX_PARALLELISM,
              oldParallelism,
              parallelism,
              subtask);
      return this;
    }

    /** Opens the operator. */
    public TestingWindows open() throws Exception {
      var harness =
          new KeyedOneInputStreamOperatorTestHarness<>(
              operator, Event::category, Types.STRING, MAX_PARALLELISM, parallelism, subtask);
      harness.getExecutionConfig().enableObjectReuse();
      if (backend != null) {
        harness.setStateBackend(backend);
      }
      harness.setup(
          OutputRecord.TYPE.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
      if (state != null) {
        harness.initializeState(state);
      }
      harness.open();
      return new TestingWindows(analysis, harness);
    }
  }

  /** An operator that shows event ids, as analysis {@code ids}; all times in ms. */
  public static Builder ids(long size, long slide, long allowedLateness) {
    return of("ids", new PaneOperator<>("ids", new TestingIds(), size, slide, allowedLateness));
  }

  /** Any operator. */
  public static Builder of(String analysis, PaneOperator<?> operator) {
    return new Builder(analysis, operator);
  }

  /** Sends a view with an id, in one record object that is used again and again. */
  public void send(String key, String id, long timestamp) throws Exception {
    send(TestingEvents.event(key, id, timestamp));
  }

  /** Sends an event, in one record object that is used again and again. */
  public void send(Event event) throws Exception {
    harness.processElement(reused.replace(event, event.timestamp()));
  }

  /** Advances the watermark. */
  public void watermark(long watermark) throws Exception {
    harness.processWatermark(watermark);
  }

  /** The values that were emitted since the last call, in their order. */
  public List<String> take() {
    List<String> values = new ArrayList<>();
    for (StreamRecord<OutputRecord> record : takeRecords()) {
      values.add(new String(record.getValue().value(), StandardCharsets.UTF_8));
    }
    return values;
  }

  /** The records that were emitted since the last call, in their order. */
  public List<StreamRecord<OutputRecord>> takeRecords() {
    List<StreamRecord<OutputRecord>> records = new ArrayList<>();
    harness
        .extractOutputStreamRecords()
        .forEach(r -> records.add(new StreamRecord<>(r.getValue(), r.getTimestamp())));
    harness.getOutput().clear();
    return records;
  }

  /** A checkpoint. */
  public OperatorSubtaskState snapshot() throws Exception {
    return harness.snapshot(1, 1);
  }

  /** A savepoint that any state backend can be restored from. */
  public OperatorSubtaskState savepoint() throws Exception {
    var format = SavepointType.savepoint(SavepointFormatType.CANONICAL);
    var options = new CheckpointOptions(format, CheckpointStorageLocationReference.getDefault());
    var writing =
        operator().snapshotState(1, 1, options, new MemCheckpointStreamFactory(MAX_SAVEPOINT));
    return OperatorSnapshotFinalizer.create(writing).getJobManagerOwnedState();
  }

  /** A number of the accounting; 0 if nothing was counted under the name. */
  public long count(String name) {
    return (Long)
        harness
            .getOperator()
            .getRuntimeContext()
            .getAccumulator("accounting." + analysis + "." + name)
            .getLocalValue();
  }

  /** Accumulators in the state, of all keys. */
  public long panes() {
    try (var entries = operator().getKeyedStateBackend().getKeysAndNamespaces("panes")) {
      return entries.count();
    }
  }

  /** Timers that wait. */
  public int timers() {
    return harness.numEventTimeTimers();
  }

  /** The operator itself. */
  public PaneOperator<?> operator() {
    return (PaneOperator<?>) harness.getOperator();
  }

  @Override
  public void close() {
    try {
      harness.close();
    } catch (Exception e) {
      throw new IllegalStateException("the operator does not close", e);
    }
  }
}
