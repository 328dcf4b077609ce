package io.flinkblocks.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.output.OutputRecord;
import java.util.List;
import java.util.Map;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.metrics.groups.InternalOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingTaskMetricGroup;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

// Flink's harness declares a close() that may be interrupted.
@SuppressWarnings("try")
class OutputMetricsTest {
  private static final OutputRecord RESULT =
      OutputRecord.of("revenue-metrics", null, new byte[] {'{', '}'});
  private static final OutputRecord LATE =
      OutputRecord.of(OutputRecord.LATE_EVENTS, null, new byte[] {'{', '}'});

  private final InterceptingOperatorMetricGroup metrics = new InterceptingOperatorMetricGroup();

  @Test
  void passesRecordsOnWithTheirTimestampsAndCountsThemByOutput() throws Exception {
    OperatorSubtaskState checkpoint;
    try (var operator = open(null)) {
      operator.processElement(RESULT, 1000);
      operator.processElement(LATE, 2000);
      operator.processElement(RESULT, 3000);
      assertEquals(
          List.of(
              new StreamRecord<>(RESULT, 1000),
              new StreamRecord<>(LATE, 2000),
              new StreamRecord<>(RESULT, 3000)),
          List.copyOf(operator.getOutput()));
      checkpoint = operator.snapshot(1, 1);
      operator.processElement(LATE, 4000);
    }
    try (var operator = open(checkpoint)) {
      operator.processElement(RESULT, 5000);
      assertEquals(3, count(operator, "revenue-metrics"));
      assertEquals(1, count(operator, "late-events"));
    }
  }

  @Test
  void latencyIsTheAgeOfTheEventTime() throws Exception {
    try (var operator = open(null)) {
      long hour = 3_600_000;
      operator.processElement(RESULT, System.currentTimeMillis() - hour);
      operator.processElement(new StreamRecord<>(RESULT)); // without event time
      Histogram latency = (Histogram) metrics.get(OutputMetrics.LATENCY);
      assertEquals(1, latency.getCount());
      assertTrue(latency.getStatistics().getMin() >= hour);
      assertTrue(latency.getStatistics().getMax() < 2 * hour);
    }
  }

  @Test
  void anUnknownOutputIsAnError() throws Exception {
    try (var operator = open(null)) {
      OutputRecord record = OutputRecord.of("elsewhere", null, new byte[0]);
      var error =
          assertThrows(IllegalStateException.class, () -> operator.processElement(record, 1));
      assertTrue(error.getMessage().contains("elsewhere"), error.getMessage());
    }
  }

  private OneInputStreamOperatorTestHarness<OutputRecord, OutputRecord> open(
      OperatorSubtaskState state) throws Exception {
    InterceptingTaskMetricGroup task =
        new InterceptingTaskMetricGroup() {
          @Override
          public InternalOperatorMetricGroup getOrAddOperator(
              OperatorID id, String name, Map<String, String> variables) {
            return metrics;
          }
        };
    var operator =
        new OneInputStreamOperatorTestHarness<OutputRecord, OutputRecord>(
            new ProcessOperator<>(
                new OutputMetrics(List.of("revenue-metrics", OutputRecord.LATE_EVENTS))),
            MockEnvironment.builder().setMetricGroup(task).build());
    operator.setup(
        OutputRecord.TYPE.createSerializer(operator.getExecutionConfig().getSerializerConfig()));
    if (state != null) {
      operator.initializeState(state);
    }
    operator.open();
    return operator;
  }

  private static long count(
      OneInputStreamOperatorTestHarness<OutputRecord, OutputRecord> operator, String output) {
    return (Long)
        operator
            .getOperator()
            .getRuntimeContext()
            .getAccumulator("accounting.output." + output)
            .getLocalValue();
  }
}
