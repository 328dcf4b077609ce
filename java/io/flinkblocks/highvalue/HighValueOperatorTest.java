package io.flinkblocks.highvalue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.TestingEvents;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

// Flink's harness declares a close() that may be interrupted.
@SuppressWarnings("try")
class HighValueOperatorTest {
  @Test
  void emitsEachHighPurchaseAtItsTimeAndCountsOverARestart() throws Exception {
    OperatorSubtaskState checkpoint;
    try (var operator = open(null)) {
      send(operator, "low", 99, 10);
      send(operator, "high", 100, 20);
      operator.processWatermark(1_000);
      send(operator, "behind the watermark", 101, 15);

      List<StreamRecord<? extends OutputRecord>> records = operator.extractOutputStreamRecords();
      assertEquals(List.of(20L, 15L), records.stream().map(StreamRecord::getTimestamp).toList());
      assertEquals(
          List.of(record("high", "100.00", 20), record("behind the watermark", "101.00", 15)),
          records.stream()
              .map(r -> new String(r.getValue().value(), StandardCharsets.UTF_8))
              .toList());
      assertCounts(operator, 2, 1);
      checkpoint = operator.snapshot(1, 1);
    }
    try (var operator = open(checkpoint)) {
      send(operator, "low", 1, 30);
      send(operator, "high", 1_000, 30);
      assertCounts(operator, 3, 2);
    }
  }

  private static OneInputStreamOperatorTestHarness<Event, OutputRecord> open(
      OperatorSubtaskState state) throws Exception {
    var harness =
        new OneInputStreamOperatorTestHarness<>(
            new HighValueOperator(HighValueRule.of(new BigDecimal(100))));
    harness.getExecutionConfig().enableObjectReuse();
    harness.setup(
        OutputRecord.TYPE.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    return harness;
  }

  private static void send(
      OneInputStreamOperatorTestHarness<Event, OutputRecord> operator,
      String user,
      int price,
      long timestamp)
      throws Exception {
    Event event = TestingEvents.purchase("c", user, BigDecimal.valueOf(price), 1, timestamp);
    operator.processElement(new StreamRecord<>(event, timestamp));
  }

  private static String record(String user, String amount, long timestamp) {
    return ("{\"event_id\":\"e\",\"user_id\":\"%s\",\"product_id\":\"p\",\"category\":\"c\","
            + "\"amount\":%s,\"timestamp\":%d}")
        .formatted(user, amount, timestamp);
  }

  private static void assertCounts(
      OneInputStreamOperatorTestHarness<Event, OutputRecord> operator,
      long used,
      long notRelevant) {
    assertEquals(
        List.of(used, notRelevant),
        List.of(count(operator, "used"), count(operator, "not-relevant")));
  }

  private static long count(
      OneInputStreamOperatorTestHarness<Event, OutputRecord> operator, String name) {
    String accumulator = "accounting.high-value-transactions." + name;
    return (Long)
        operator.getOperator().getRuntimeContext().getAccumulator(accumulator).getLocalValue();
  }
}
