package io.flinkblocks.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.event.Event;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

// Flink's harness declares a close() that may be interrupted.
@SuppressWarnings("try")
class RelevantTest {
  private static final Event YES = TestingEvents.event("yes", 1);
  private static final Event NO = TestingEvents.event("no", 2);

  @Test
  void letsThroughWhatIsRelevantAndCountsTheRestOverARestart() throws Exception {
    OperatorSubtaskState checkpoint;
    try (var filter = open(null)) {
      send(filter, YES, NO, NO, YES);

      assertEquals(
          List.of(new StreamRecord<>(YES, 1), new StreamRecord<>(YES, 1)),
          List.copyOf(filter.getOutput()));
      assertEquals(2, notRelevant(filter));
      checkpoint = filter.snapshot(1, 1);
    }
    try (var filter = open(checkpoint)) {
      send(filter, NO);
      assertEquals(3, notRelevant(filter));
    }
  }

  private static OneInputStreamOperatorTestHarness<Event, Event> open(OperatorSubtaskState state)
      throws Exception {
    var harness =
        new OneInputStreamOperatorTestHarness<>(
            new Relevant.Operator("analysis", event -> event.eventId().equals("yes")));
    harness.getExecutionConfig().enableObjectReuse();
    harness.setup(Event.TYPE.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    return harness;
  }

  private static void send(OneInputStreamOperatorTestHarness<Event, Event> filter, Event... events)
      throws Exception {
    for (Event event : events) {
      filter.processElement(new StreamRecord<>(event, event.timestamp()));
    }
  }

  private static long notRelevant(OneInputStreamOperatorTestHarness<Event, Event> filter) {
    var accumulator =
        filter.getOperator().getRuntimeContext().getAccumulator("accounting.analysis.not-relevant");
    return (Long) accumulator.getLocalValue();
  }
}
