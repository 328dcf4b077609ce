package io.flinkblocks.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

// Flink's harness declares a close() that may be interrupted.
@SuppressWarnings("try")
class TallyTest {
  private static final int MAX_PARALLELISM = 128;

  /** Uses even numbers, refuses odd ones, and holds what it used until it is told to let go. */
  private static final class Counting extends AbstractStreamOperator<Long>
      implements OneInputStreamOperator<Long, Long> {
    private final boolean odd;
    private transient Tally tally;
    private transient Tally.Count used;
    private transient Tally.Count held;
    private transient Tally.Count refused;

    Counting(boolean odd) {
      this.odd = odd;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
      super.initializeState(context);
      tally = Tally.open("numbers", context, getRuntimeContext());
      used = tally.counter("used");
      held = tally.gauge("held");
      refused = odd ? tally.counter("refused") : null;
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
      super.snapshotState(context);
      tally.snapshot();
    }

    @Override
    public void processElement(StreamRecord<Long> record) {
      if (record.getValue() < 0) {
        held.add(record.getValue());
      } else if (record.getValue() % 2 == 0) {
        used.increment();
        held.add(1);
      } else {
        refused.increment();
      }
    }
  }

  @Test
  void countsAreAccumulators() throws Exception {
    try (var operator = open(true, 1, 0, null)) {
      send(operator, 0, 1, 2, 4, -1);

      assertEquals(Map.of("used", 3L, "held", 2L, "refused", 1L), accumulators(operator));
    }
  }

  @Test
  void restoredCountsGoOnFromTheCheckpoint() throws Exception {
    OperatorSubtaskState checkpoint;
    try (var operator = open(true, 1, 0, null)) {
      send(operator, 0, 1, 2);
      checkpoint = operator.snapshot(1, 1);
      send(operator, 4, 4, 4);
    }
    try (var operator = open(true, 1, 0, checkpoint)) {
      assertEquals(Map.of("used", 2L, "held", 2L, "refused", 1L), accumulators(operator));
      send(operator, 4);
      assertEquals(Map.of("used", 3L, "held", 3L, "refused", 1L), accumulators(operator));
    }
  }

  @Test
  void sumsStayWhenTheParallelismChanges() throws Exception {
    OperatorSubtaskState one;
    try (var operator = open(true, 1, 0, null)) {
      send(operator, 0, 1, 1, 2, 4, 6, 3);
      one = operator.snapshot(1, 1);
    }
    List<OperatorSubtaskState> four = new ArrayList<>();
    Map<String, Long> sums = new TreeMap<>();
    for (int subtask = 0; subtask < 4; subtask++) {
      try (var operator = open(true, 4, subtask, rescaled(one, 1, 4, subtask))) {
        send(operator, 2, 1, -1);
        accumulators(operator).forEach((name, count) -> sums.merge(name, count, Long::sum));
        four.add(operator.snapshot(2, 2));
      }
    }
    Map<String, Long> expected = Map.of("used", 8L, "held", 4L, "refused", 7L);
    assertEquals(expected, sums);

    OperatorSubtaskState all =
        AbstractStreamOperatorTestHarness.repackageState(four.toArray(OperatorSubtaskState[]::new));
    try (var operator = open(true, 1, 0, rescaled(all, 4, 1, 0))) {
      assertEquals(expected, accumulators(operator));
    }
  }

  @Test
  void countThatAVersionDoesNotKnowIsKept() throws Exception {
    OperatorSubtaskState checkpoint;
    try (var operator = open(true, 1, 0, null)) {
      send(operator, 1, 1, 1);
      checkpoint = operator.snapshot(1, 1);
    }
    try (var operator = open(false, 1, 0, checkpoint)) {
      send(operator, 2);
      checkpoint = operator.snapshot(2, 2);
    }
    try (var operator = open(true, 1, 0, checkpoint)) {
      assertEquals(Map.of("used", 1L, "held", 1L, "refused", 3L), accumulators(operator));
    }
  }

  @Test
  void oneNameIsCountedOnce() throws Exception {
    try (var operator = open(true, 1, 0, null)) {
      Tally tally = ((Counting) operator.getOperator()).tally;

      assertThrows(UnsupportedOperationException.class, () -> tally.counter("used"));
    }
  }

  @Test
  void anAnalysisOfTheFirstRunIsKnownForEver() throws Exception {
    OperatorSubtaskState one;
    try (var operator = open(true, 1, 0, null)) {
      assertEquals(1, sinceStart(operator));
      one = operator.snapshot(1, 1);
    }
    OperatorSubtaskState three = grown(one, 1, 3);
    long sum = 0;
    for (int subtask = 0; subtask < 2; subtask++) {
      try (var operator = resume(2, subtask, rescaled(three, 3, 2, subtask))) {
        sum += sinceStart(operator);
      }
    }
    assertEquals(1, sum);
  }

  @Test
  void anAnalysisThatJoinedAResumedJobIsKnownForEver() throws Exception {
    OperatorSubtaskState one;
    try (var operator = resume(1, 0, null)) {
      assertEquals(0, sinceStart(operator));
      send(operator, 0, 2);
      one = operator.snapshot(1, 1);
    }
    OperatorSubtaskState three = grown(one, 1, 3);
    try (var operator = resume(1, 0, rescaled(three, 3, 1, 0))) {
      assertEquals(0, sinceStart(operator));
      assertEquals(2, accumulators(operator).get("used"));
    }
  }

  /** The state after a resumed run of more subtasks, those without state among them. */
  private static OperatorSubtaskState grown(OperatorSubtaskState state, int from, int to)
      throws Exception {
    OperatorSubtaskState[] parts = new OperatorSubtaskState[to];
    for (int subtask = 0; subtask < to; subtask++) {
      try (var operator = resume(to, subtask, rescaled(state, from, to, subtask))) {
        parts[subtask] = operator.snapshot(2, 2);
      }
    }
    return AbstractStreamOperatorTestHarness.repackageState(parts);
  }

  private static OneInputStreamOperatorTestHarness<Long, Long> open(
      boolean odd, int parallelism, int subtask, OperatorSubtaskState state) throws Exception {
    return open(harness(odd, parallelism, subtask), state);
  }

  /** In a job that goes on from a savepoint, which has no state of an operator that is new. */
  private static OneInputStreamOperatorTestHarness<Long, Long> resume(
      int parallelism, int subtask, OperatorSubtaskState state) throws Exception {
    var harness = harness(true, parallelism, subtask);
    harness
        .getEnvironment()
        .getJobConfiguration()
        .set(StateRecoveryOptions.SAVEPOINT_PATH, "/savepoint");
    return open(harness, state);
  }

  private static OneInputStreamOperatorTestHarness<Long, Long> harness(
      boolean odd, int parallelism, int subtask) throws Exception {
    return new OneInputStreamOperatorTestHarness<>(
        new Counting(odd), MAX_PARALLELISM, parallelism, subtask);
  }

  private static OneInputStreamOperatorTestHarness<Long, Long> open(
      OneInputStreamOperatorTestHarness<Long, Long> harness, OperatorSubtaskState state)
      throws Exception {
    harness.setup(LongSerializer.INSTANCE);
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    return harness;
  }

  private static OperatorSubtaskState rescaled(
      OperatorSubtaskState state, int from, int to, int subtask) {
    return AbstractStreamOperatorTestHarness.repartitionOperatorState(
        state, MAX_PARALLELISM, from, to, subtask);
  }

  private static void send(OneInputStreamOperatorTestHarness<Long, Long> operator, long... values)
      throws Exception {
    for (long value : values) {
      operator.processElement(new StreamRecord<>(value));
    }
  }

  private static long sinceStart(OneInputStreamOperatorTestHarness<Long, Long> operator) {
    return (Long)
        operator
            .getOperator()
            .getRuntimeContext()
            .getAccumulator("since-start.numbers")
            .getLocalValue();
  }

  private static Map<String, Long> accumulators(
      OneInputStreamOperatorTestHarness<Long, Long> operator) {
    Map<String, Long> counts = new TreeMap<>();
    for (String name : List.of("used", "held", "refused")) {
      var accumulator =
          operator.getOperator().getRuntimeContext().getAccumulator("accounting.numbers." + name);
      counts.put(name, (Long) accumulator.getLocalValue());
    }
    return counts;
  }
}
