package io.flinkblocks.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.EventParser;
import io.flinkblocks.event.SourceRecord;
import io.flinkblocks.output.OutputRecord;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

// Flink's harness declares a close() that may be interrupted.
@SuppressWarnings("try")
class IntakeOperatorTest {
  private final EventParser parser = new EventParser();

  @Test
  void eventsGoOnWithTheirTimestamps() throws Exception {
    try (var intake = open(null)) {
      Event event = TestingEvents.event("e", 123);
      intake.processElement(new StreamRecord<>(event, 123));

      assertEquals(List.of(new StreamRecord<>(event, 123)), List.copyOf(intake.getOutput()));
      assertEquals(1, count(intake, "read"));
      assertEquals(1, count(intake, "valid"));
      assertEquals(0, count(intake, "dead-lettered"));
    }
  }

  @Test
  void deadLettersGoToTheirOutputWithTheirBytes() throws Exception {
    try (var intake = open(null)) {
      intake.processElement(new StreamRecord<>(parser.parse(bytes("{oops"), 0)));
      intake.processElement(new StreamRecord<>(parser.parse(bytes("[]"), 0)));
      intake.processElement(new StreamRecord<>(parser.parse(null, 0)));

      var letters = List.copyOf(intake.getSideOutput(IntakeOperator.DEAD_LETTERS));
      assertEquals(3, letters.size());
      OutputRecord first = letters.get(0).getValue();
      assertEquals(OutputRecord.DEAD_LETTER, first.output());
      assertArrayEquals(bytes("{oops"), first.value());
      assertEquals(0, intake.getOutput().size());
      assertEquals(3, count(intake, "read"));
      assertEquals(0, count(intake, "valid"));
      assertEquals(3, count(intake, "dead-lettered"));
      assertEquals(1, count(intake, "dead-lettered.not_json"));
      assertEquals(1, count(intake, "dead-lettered.not_object"));
      assertEquals(1, count(intake, "dead-lettered.empty_record"));
      assertEquals(0, count(intake, "dead-lettered.too_deep"));
    }
  }

  @Test
  void countsGoOnAfterARestart() throws Exception {
    OperatorSubtaskState checkpoint;
    try (var intake = open(null)) {
      intake.processElement(new StreamRecord<>(TestingEvents.event("a", 1), 1));
      intake.processElement(new StreamRecord<>(parser.parse(bytes("x"), 0)));
      checkpoint = intake.snapshot(1, 1);
      intake.processElement(new StreamRecord<>(TestingEvents.event("b", 1), 1));
    }
    try (var intake = open(checkpoint)) {
      intake.processElement(new StreamRecord<>(TestingEvents.event("b", 1), 1));

      assertEquals(3, count(intake, "read"));
      assertEquals(2, count(intake, "valid"));
      assertEquals(1, count(intake, "dead-lettered.not_json"));
    }
  }

  @Test
  void lagIsWallClockMinusWatermark() throws Exception {
    try (var intake = open(null)) {
      IntakeOperator operator = (IntakeOperator) intake.getOneInputOperator();
      intake.setProcessingTime(5_000);
      assertEquals(0, operator.eventTimeLag());

      intake.processWatermark(3_000);
      assertEquals(2_000, operator.eventTimeLag());
      intake.processWatermark(Long.MAX_VALUE);
      assertEquals(0, operator.eventTimeLag());
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static OneInputStreamOperatorTestHarness<SourceRecord, Event> open(
      OperatorSubtaskState state) throws Exception {
    var harness = new OneInputStreamOperatorTestHarness<>(new IntakeOperator());
    harness.getExecutionConfig().enableObjectReuse();
    harness.setup(Event.TYPE.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    return harness;
  }

  private static long count(
      OneInputStreamOperatorTestHarness<SourceRecord, Event> intake, String name) {
    var accumulator =
        intake.getOperator().getRuntimeContext().getAccumulator("accounting.source." + name);
    return (Long) accumulator.getLocalValue();
  }
}
