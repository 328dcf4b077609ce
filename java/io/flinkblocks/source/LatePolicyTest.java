package io.flinkblocks.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.flinkblocks.config.Settings;
import io.flinkblocks.output.OutputRecord;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.OneInputTransformation;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

// Flink's harness declares a close() that may be interrupted; a transformation hides its types.
@SuppressWarnings({"try", "unchecked"})
class LatePolicyTest {
  private static final OutputRecord RESULT = record("windowing-tumbling");
  private static final OutputRecord LATE = record(OutputRecord.LATE_EVENTS);

  private static OutputRecord record(String output) {
    return OutputRecord.of(output, null, "{}".getBytes(UTF_8));
  }

  private static DataStream<OutputRecord> records() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    return env.fromData(OutputRecord.TYPE, RESULT, LATE);
  }

  @Test
  void dropLeavesTheResultsAlone() throws Exception {
    DataStream<OutputRecord> kept =
        LatePolicy.apply(records(), Settings.of(Map.of("late-policy", "drop")), "policy");
    var step = (OneInputTransformation<OutputRecord, OutputRecord>) kept.getTransformation();

    assertEquals("policy", step.getUid());
    assertEquals("policy", step.getName());
    try (var filter = new OneInputStreamOperatorTestHarness<>(step.getOperator())) {
      filter.open();
      for (OutputRecord each : List.of(LATE, RESULT, LATE, RESULT)) {
        filter.processElement(new StreamRecord<>(each));
      }
      assertEquals(List.of(RESULT, RESULT), filter.extractOutputValues());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"late-policy", "another-flag"})
  void elseEverythingStaysAsItIs(String flag) {
    DataStream<OutputRecord> records = records();
    assertSame(
        records, LatePolicy.apply(records, Settings.of(Map.of(flag, "side-output")), "policy"));
  }
}
