package io.flinkblocks.cdc;

import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.source.IntakeStep;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;

/** An intake and some subtasks of the rows behind it, in Flink's operator harnesses. */
final class TestingRows implements AutoCloseable {
  private static final int GROUPS = 8;

  private final Routed.Route route = new Routed.Route(GROUPS);
  private final OneInputStreamOperatorTestHarness<ChangeRecord, Routed> intake;
  private final List<KeyedOneInputStreamOperatorTestHarness<RowKey, Routed, Change>> subtasks =
      new ArrayList<>();

  /** What a savepoint holds of both steps. */
  record Savepoint(OperatorSubtaskState intake, List<OperatorSubtaskState> rows) {}

  /** So many subtasks with nothing in them. */
  static TestingRows open(int parallelism) throws Exception {
    return new TestingRows(parallelism, null, null);
  }

  /** The same on a state backend. */
  static TestingRows open(int parallelism, StateBackend backend) throws Exception {
    return new TestingRows(parallelism, null, backend);
  }

  /** So many subtasks that go on where others were. */
  static TestingRows restore(int parallelism, Savepoint savepoint) throws Exception {
    return new TestingRows(parallelism, savepoint, null);
  }

  private TestingRows(int parallelism, Savepoint savepoint, StateBackend backend) throws Exception {
    intake = new OneInputStreamOperatorTestHarness<>(new ChangeIntakeOperator(GROUPS));
    open(intake, Routed.TYPE, savepoint == null ? null : savepoint.intake());
    for (int subtask = 0; subtask < parallelism; subtask++) {
      var harness =
          new KeyedOneInputStreamOperatorTestHarness<>(
              new RowsOperator(GROUPS), route, RowKey.TYPE, GROUPS, parallelism, subtask);
      if (backend != null) {
        harness.setStateBackend(backend);
      }
      open(harness, Change.TYPE, savepoint == null ? null : part(savepoint, parallelism, subtask));
      subtasks.add(harness);
    }
  }

  private static OperatorSubtaskState part(Savepoint savepoint, int parallelism, int subtask)
      throws Exception {
    OperatorSubtaskState[] states = savepoint.rows().toArray(OperatorSubtaskState[]::new);
    return AbstractStreamOperatorTestHarness.repartitionOperatorState(
        AbstractStreamOperatorTestHarness.repackageState(states),
        GROUPS,
        states.length,
        parallelism,
        subtask);
  }

  private static <T> void open(
      AbstractStreamOperatorTestHarness<T> harness,
      TypeInformation<T> type,
      OperatorSubtaskState state)
      throws Exception {
    harness.getExecutionConfig().enableObjectReuse();
    harness.setup(type.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
  }

  /** Sends a record of the source. */
  void send(ChangeRecord record) throws Exception {
    intake.processElement(new StreamRecord<>(record, ChangeLines.timeOf(record)));
    for (StreamRecord<? extends Routed> routed : intake.extractOutputStreamRecords()) {
      int group = KeyGroupRangeAssignment.assignToKeyGroup(route.getKey(routed.getValue()), GROUPS);
      subtasks
          .get(
              KeyGroupRangeAssignment.computeOperatorIndexForKeyGroup(
                  GROUPS, subtasks.size(), group))
          .processElement(new StreamRecord<>(routed.getValue(), routed.getTimestamp()));
    }
    intake.getOutput().clear();
  }

  /** Sends several. */
  void send(List<? extends ChangeRecord> records) throws Exception {
    for (ChangeRecord record : records) {
      send(record);
    }
  }

  /** Advances the watermark. */
  void watermark(long watermark) throws Exception {
    for (var subtask : subtasks) {
      subtask.processWatermark(watermark);
    }
  }

  /** What came out since the last call, subtask by subtask. */
  List<Change> take() {
    List<Change> changes = new ArrayList<>();
    for (var subtask : subtasks) {
      subtask.extractOutputStreamRecords().forEach(r -> changes.add(r.getValue()));
      subtask.getOutput().clear();
    }
    return changes;
  }

  /** The dead letters so far. */
  List<OutputRecord> deadLetters() {
    var letters = intake.getSideOutput(IntakeStep.DEAD_LETTERS);
    return letters == null ? List.of() : letters.stream().map(StreamRecord::getValue).toList();
  }

  Savepoint savepoint() throws Exception {
    List<OperatorSubtaskState> rows = new ArrayList<>();
    for (var subtask : subtasks) {
      rows.add(subtask.snapshot(1, 1));
    }
    return new Savepoint(intake.snapshot(1, 1), rows);
  }

  /** A number of the source's accounts. */
  long source(String name) {
    return count(intake, "accounting.source." + name);
  }

  /** A number of the trail's accounts, over both steps. */
  long audit(String name) {
    String accumulator = "accounting.audit-trail." + name;
    long count = count(intake, accumulator);
    for (var subtask : subtasks) {
      count += count(subtask, accumulator);
    }
    return count;
  }

  private static long count(OneInputStreamOperatorTestHarness<?, ?> harness, String name) {
    var accumulator = harness.getOperator().getRuntimeContext().getAccumulator(name);
    return accumulator == null ? 0 : (Long) accumulator.getLocalValue();
  }

  /** Rows of which something is known, deleted ones among them. */
  int entries() {
    return subtasks.stream().mapToInt(s -> s.numKeyedStateEntries()).sum();
  }

  @Override
  public void close() {
    try {
      intake.close();
      for (var subtask : subtasks) {
        subtask.close();
      }
    } catch (Exception e) {
      throw new IllegalStateException("an operator does not close", e);
    }
  }
}
