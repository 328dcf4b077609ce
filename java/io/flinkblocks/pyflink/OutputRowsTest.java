package io.flinkblocks.pyflink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.output.OutputRecord;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;

// Flink's harness declares a close() that may be interrupted.
@SuppressWarnings("try")
class OutputRowsTest {
  private static final byte[] KEY = "\u00fc".getBytes(UTF_8);
  private static final byte[] VALUE = "{\"\u00e4\":1}".getBytes(UTF_8);

  @Test
  void rowsBecomeRecordsOfTheirOutputs() throws Exception {
    try (var rows = open(null)) {
      rows.processElement(new StreamRecord<>(Row.of("late-events", KEY, VALUE, null, null), 5));
      OutputRecord expected = OutputRecord.of("late-events", KEY, VALUE);
      assertEquals(List.of(new StreamRecord<>(expected, 5)), List.copyOf(rows.getOutput()));
    }
  }

  @Test
  void countsGoOnAfterARestart() throws Exception {
    OperatorSubtaskState checkpoint;
    try (var rows = open(null)) {
      count(rows, "held", 3);
      count(rows, "held", -2);
      count(rows, "used", 2);
      checkpoint = rows.snapshot(1, 1);
      count(rows, "used", 1); // Lost with the failure.
    }
    try (var rows = open(checkpoint)) {
      count(rows, "held", -1);
      count(rows, "used", 1);
      assertEquals(0, counted(rows, "held"));
      assertEquals(3, counted(rows, "used"));
      assertEquals(List.of(), List.copyOf(rows.getOutput()));
    }
  }

  private static OneInputStreamOperatorTestHarness<Row, OutputRecord> open(
      OperatorSubtaskState state) throws Exception {
    var harness =
        new OneInputStreamOperatorTestHarness<>(
            new OutputRows.Operator("analysis", List.of("used", "held")));
    harness.getExecutionConfig().enableObjectReuse();
    harness.setup(
        OutputRecord.TYPE.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    return harness;
  }

  private static void count(
      OneInputStreamOperatorTestHarness<Row, OutputRecord> rows, String name, long number)
      throws Exception {
    rows.processElement(new StreamRecord<>(Row.of(null, null, null, name, number)));
  }

  private static long counted(
      OneInputStreamOperatorTestHarness<Row, OutputRecord> rows, String name) {
    var accumulators = rows.getOperator().getRuntimeContext();
    return (Long) accumulators.getAccumulator("accounting.analysis." + name).getLocalValue();
  }
}
