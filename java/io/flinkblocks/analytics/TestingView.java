package io.flinkblocks.analytics;

import io.flinkblocks.cdc.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** A view of several subtasks in Flink's operator harness, and the table that it writes. */
final class TestingView implements AutoCloseable {
  private static final int MAX_PARALLELISM = 8;

  private final View view;
  private final StateBackend backend;
  private final Deltas deltas;
  private final List<KeyedOneInputStreamOperatorTestHarness<Long, Delta, Upsert>> subtasks =
      new ArrayList<>();
  private final Map<Long, List<Object>> table;
  private int upserts;

  private TestingView(View view, StateBackend backend, Map<Long, List<Object>> table) {
    this.view = view;
    this.backend = backend;
    this.deltas = new Deltas(view);
    this.table = table;
  }

  /** One subtask with an empty state and table. */
  static TestingView open(View view, StateBackend backend) throws Exception {
    TestingView opened = new TestingView(view, backend, new TreeMap<>());
    opened.subtasks.add(opened.subtask(0, 1, null));
    return opened;
  }

  /** The same view and table in so many subtasks, from a checkpoint that is taken now. */
  TestingView restored(int parallelism) throws Exception {
    List<OperatorSubtaskState> states = new ArrayList<>();
    for (var subtask : subtasks) {
      states.add(subtask.snapshot(1, 1));
    }
    TestingView restored = new TestingView(view, backend, table);
    OperatorSubtaskState all =
        AbstractStreamOperatorTestHarness.repackageState(
            states.toArray(OperatorSubtaskState[]::new));
    for (int index = 0; index < parallelism; index++) {
      OperatorSubtaskState part =
          AbstractStreamOperatorTestHarness.repartitionOperatorState(
              all, MAX_PARALLELISM, states.size(), parallelism, index);
      restored.subtasks.add(restored.subtask(index, parallelism, part));
    }
    return restored;
  }

  private KeyedOneInputStreamOperatorTestHarness<Long, Delta, Upsert> subtask(
      int index, int parallelism, OperatorSubtaskState state) throws Exception {
    KeyedOneInputStreamOperatorTestHarness<Long, Delta, Upsert> subtask =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new TotalsFunction(view)),
            Delta::owner,
            Types.LONG,
            MAX_PARALLELISM,
            parallelism,
            index);
    subtask.getExecutionConfig().enableObjectReuse();
    subtask.setStateBackend(backend);
    subtask.setup(UpsertSerializer.INSTANCE);
    if (state != null) {
      subtask.initializeState(state);
    }
    subtask.open();
    return subtask;
  }

  /** Sends changes, and writes what comes of them into the table. */
  TestingView send(List<Change> changes) throws Exception {
    List<Delta> split = new ArrayList<>();
    changes.forEach(change -> deltas.split(change, split::add));
    for (Delta delta : split) {
      int index =
          KeyGroupRangeAssignment.assignKeyToParallelOperator(
              delta.owner(), MAX_PARALLELISM, subtasks.size());
      subtasks.get(index).processElement(new StreamRecord<>(delta));
      write(subtasks.get(index));
    }
    return this;
  }

  private void write(KeyedOneInputStreamOperatorTestHarness<Long, Delta, Upsert> subtask) {
    for (Upsert upsert : subtask.extractOutputValues()) {
      upserts++;
      if (upsert.deleted()) {
        table.remove(upsert.id());
      } else {
        table.put(upsert.id(), TestingShop.row(view, upsert));
      }
    }
    subtask.getOutput().clear();
  }

  /** The table as it is now, by id. */
  Map<Long, List<Object>> table() {
    return table;
  }

  /** How many upserts there were. */
  int upserts() {
    return upserts;
  }

  /** Owners with a state. */
  int states() {
    return subtasks.stream().mapToInt(subtask -> entries(subtask, "totals")).sum();
  }

  /** Times of orders in the state; of customers only. */
  int times() {
    return subtasks.stream().mapToInt(subtask -> entries(subtask, "order-times")).sum();
  }

  private static int entries(
      KeyedOneInputStreamOperatorTestHarness<Long, Delta, Upsert> subtask, String state) {
    var operator = (KeyedProcessOperator<?, ?, ?>) subtask.getOperator();
    try (var keys = operator.getKeyedStateBackend().getKeysAndNamespaces(state)) {
      return (int) keys.distinct().count();
    }
  }

  @Override
  public void close() {
    for (var subtask : subtasks) {
      try {
        subtask.close();
      } catch (Exception e) {
        throw new IllegalStateException("the operator does not close", e);
      }
    }
  }
}
