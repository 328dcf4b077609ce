package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.state.CheckpointStorageLocationReference;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFinalizer;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** One subtask of an operator over a keyed stream of events, in Flink's operator harness. */
public abstract class TestingOperator implements AutoCloseable {
  /** Number of key groups. */
  public static final int MAX_PARALLELISM = 8;

  private static final int MAX_SNAPSHOT = 1 << 20;

  private final KeyedOneInputStreamOperatorTestHarness<String, Object, OutputRecord> harness;
  private final Function<Event, ?> input;
  private final StreamRecord<Object> reused = new StreamRecord<>(null);
  private final String analysis;

  /** The opened operator of a builder. */
  protected TestingOperator(Opened opened) {
    this.analysis = opened.analysis();
    this.harness = opened.harness();
    this.input = opened.input();
  }

  /** An operator that was opened, under the name of its analysis. */
  public record Opened(
      String analysis,
      KeyedOneInputStreamOperatorTestHarness<String, Object, OutputRecord> harness,
      Function<Event, ?> input) {}

  /**
   * Where a subtask runs and what it starts with.
   *
   * @param <T> what it is opened as
   */
  public static final class Builder<T extends TestingOperator> {
    private final String analysis;
    private final OneInputStreamOperator<Object, OutputRecord> operator;
    private final KeySelector<Object, String> key;
    private final Function<Event, ?> input;
    private final Function<Opened, T> type;
    private int parallelism = 1;
    private int subtask = 0;
    private int slots = 1;
    private StateBackend backend;
    private OperatorSubtaskState state;

    /** A builder; by itself one subtask with state on the heap. */
    public Builder(
        String analysis,
        OneInputStreamOperator<Event, OutputRecord> operator,
        KeySelector<Event, String> key,
        Function<Opened, T> type) {
      this(analysis, operator, key, event -> event, type);
    }

    /**
     * The same for an operator that takes something else than events.
     *
     * @param input makes it of an event
     * @param <I> what it takes
     */
    @SuppressWarnings("unchecked") // The builder gives the operator nothing but what it takes.
    <I> Builder(
        String analysis,
        OneInputStreamOperator<I, OutputRecord> operator,
        KeySelector<I, String> key,
        Function<Event, I> input,
        Function<Opened, T> type) {
      this.analysis = analysis;
      this.operator = (OneInputStreamOperator<Object, OutputRecord>) operator;
      this.key = (KeySelector<Object, String>) key;
      this.input = input;
      this.type = type;
    }

    /** One of several subtasks. */
    public Builder<T> subtask(int index, int of) {
      subtask = index;
      parallelism = of;
      return this;
    }

    /** Another state backend than heap. */
    public Builder<T> backend(StateBackend stateBackend) {
      backend = stateBackend;
      return this;
    }

    /** Another number of slots of the TaskManager than one. */
    public Builder<T> slots(int number) {
      slots = number;
      return this;
    }

    /** The state that subtasks of so many stored. */
    public Builder<T> restore(int oldParallelism, OperatorSubtaskState... states) throws Exception {
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
    public T open() throws Exception {
      var harness =
          new KeyedOneInputStreamOperatorTestHarness<>(
              operator, key, Types.STRING, MAX_PARALLELISM, parallelism, subtask);
      harness.getExecutionConfig().enableObjectReuse();
      harness
          .getEnvironment()
          .getTaskManagerInfo()
          .getConfiguration()
          .set(TaskManagerOptions.NUM_TASK_SLOTS, slots);
      if (backend != null) {
        harness.setStateBackend(backend);
      }
      harness.setup(
          OutputRecord.TYPE.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
      if (state != null) {
        harness.initializeState(state);
      }
      harness.open();
      return type.apply(new Opened(analysis, harness, input));
    }
  }

  /** Sends an event, in one record object that is used again and again. */
  public void send(Event event) throws Exception {
    process(input.apply(event), event.timestamp());
  }

  /** Sends what the operator takes. */
  void process(Object element, long timestamp) throws Exception {
    harness.processElement(reused.replace(element, timestamp));
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
    var storage = CheckpointStorageLocationReference.getDefault();
    return finish(beginSnapshot(new CheckpointOptions(format, storage)));
  }

  /** A checkpoint of which the part that runs beside the events is still to come. */
  public OperatorSnapshotFutures beginSnapshot() throws Exception {
    return beginSnapshot(CheckpointOptions.forCheckpointWithDefaultLocation());
  }

  private OperatorSnapshotFutures beginSnapshot(CheckpointOptions options) throws Exception {
    var storage = new MemCheckpointStreamFactory(MAX_SNAPSHOT);
    return abstractOperator().snapshotState(1, 1, options, storage);
  }

  /** Runs the rest of what {@link #beginSnapshot} began. */
  public static OperatorSubtaskState finish(OperatorSnapshotFutures begun) throws Exception {
    return OperatorSnapshotFinalizer.create(begun).getJobManagerOwnedState();
  }

  /** A number of the accounting. */
  public long count(String name) {
    return (Long)
        abstractOperator()
            .getRuntimeContext()
            .getAccumulator("accounting." + analysis + "." + name)
            .getLocalValue();
  }

  /** Entries of a state: its keys and namespaces. */
  public long entries(String state) {
    try (var entries = abstractOperator().getKeyedStateBackend().getKeysAndNamespaces(state)) {
      return entries.distinct().count();
    }
  }

  /** Timers that wait. */
  public int timers() {
    return harness.numEventTimeTimers();
  }

  /** The operator itself. */
  protected AbstractStreamOperator<?> abstractOperator() {
    return (AbstractStreamOperator<?>) harness.getOperator();
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
