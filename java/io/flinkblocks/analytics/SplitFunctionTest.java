package io.flinkblocks.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.analytics.TestingShop.User;
import io.flinkblocks.cdc.Change;
import java.util.List;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.operators.StreamFlatMap;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

// Flink's harness declares a close() that may be interrupted.
@SuppressWarnings("try")
class SplitFunctionTest {
  private static final int MAX_PARALLELISM = 8;

  @Test
  void changesBecomeDeltas() throws Exception {
    try (var split = open(1, 0, false, null)) {
      for (Change change : new TestingShop().put(new User(7, "gold", "e"))) {
        split.processElement(new StreamRecord<>(change));
      }
      assertEquals(List.of(Delta.row(7, "gold", 0)), split.extractOutputValues());
    }
  }

  @Test
  void aJobThatHadTheViewGoesOnInAnyNumberOfSubtasks() throws Exception {
    OperatorSubtaskState one;
    try (var split = open(1, 0, false, null)) {
      one = split.snapshot(1, 1);
    }
    OperatorSubtaskState[] three = new OperatorSubtaskState[3];
    for (int subtask = 0; subtask < 3; subtask++) {
      try (var split = open(3, subtask, true, rescaled(one, 1, 3, subtask))) {
        three[subtask] = split.snapshot(2, 2);
      }
    }
    OperatorSubtaskState all = AbstractStreamOperatorTestHarness.repackageState(three);
    open(1, 0, true, rescaled(all, 3, 1, 0)).close();
  }

  @Test
  void aJobThatDidNotHaveTheViewIsRefused() {
    Exception refusal = assertThrows(SuppressRestartsException.class, () -> open(1, 0, true, null));
    String message = refusal.getCause().toString();
    assertTrue(message.contains("customer-analytics: the savepoint is of a job without"), message);
    assertTrue(message.contains("| cure: start without --from-savepoint"), message);
  }

  private static OperatorSubtaskState rescaled(
      OperatorSubtaskState state, int from, int to, int subtask) {
    return AbstractStreamOperatorTestHarness.repartitionOperatorState(
        state, MAX_PARALLELISM, from, to, subtask);
  }

  private static OneInputStreamOperatorTestHarness<Change, Delta> open(
      int parallelism, int subtask, boolean resumes, OperatorSubtaskState state) throws Exception {
    var harness =
        new OneInputStreamOperatorTestHarness<Change, Delta>(
            new StreamFlatMap<>(new SplitFunction(View.CUSTOMERS)),
            MAX_PARALLELISM,
            parallelism,
            subtask);
    if (resumes) {
      harness
          .getEnvironment()
          .getJobConfiguration()
          .set(StateRecoveryOptions.SAVEPOINT_PATH, "/savepoint");
    }
    harness.setup(DeltaSerializer.INSTANCE);
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    return harness;
  }
}
