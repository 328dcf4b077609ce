package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flinkblocks.event.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** What crosses the network, and when. */
class PaneCombinerTest {
  private static final int MAX_PARALLELISM = 8;

  private OneInputStreamOperatorTestHarness<Event, PanePart<List<String>>> harness;

  private PaneCombiner<List<String>> open(long early, boolean isNew, OperatorSubtaskState state)
      throws Exception {
    var windows = new PaneOperator<>("ids", new TestingIds(), 300, 100, 50, new EarlyFiring(early));
    PaneCombiner<List<String>> combiner = windows.combiner(Event.CATEGORY, isNew);
    harness = new OneInputStreamOperatorTestHarness<>(combiner, MAX_PARALLELISM, 1, 0);
    harness.setup();
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    return combiner;
  }

  private void send(String key, String id, long timestamp) throws Exception {
    harness.processElement(TestingEvents.event(key, id, timestamp), timestamp);
  }

  /** Sums as {@code k 100 [a, b]}, events as {@code k a}, watermarks as numbers. */
  private List<String> sent() {
    List<String> sent = new ArrayList<>();
    for (Object each : harness.getOutput()) {
      if (each instanceof Watermark mark) {
        sent.add(String.valueOf(mark.getTimestamp()));
      } else if (each instanceof WatermarkStatus status) {
        sent.add(status.isIdle() ? "IDLE" : "ACTIVE");
      } else {
        var part = (PanePart<?>) ((StreamRecord<?>) each).getValue();
        sent.add(
            part.event() != null
                ? part.key() + " " + part.event().eventId()
                : part.key() + " " + part.pane() + " " + part.sum() + " of " + part.events());
      }
    }
    harness.getOutput().clear();
    return sent;
  }

  @Test
  void sumsAreSentBeforeTheWatermarkThatEndsTheirPane() throws Exception {
    open(0, false, null);
    send("k", "a", 100);
    send("j", "b", 199);
    send("k", "c", 150);
    send("k", "d", 200);
    harness.processWatermark(198);
    assertEquals(List.of("198"), sent());
    harness.processWatermark(199);
    assertEquals(List.of("k 100 [a, c] of 2", "j 100 [b] of 1", "199"), sent());
    harness.processWatermark(Long.MAX_VALUE);
    assertEquals(List.of("k 200 [d] of 1", String.valueOf(Long.MAX_VALUE)), sent());
  }

  @Test
  void anEventOfAPaneThatHasEndedIsSentByItself() throws Exception {
    open(0, false, null);
    harness.processWatermark(199);
    send("k", "late?", 199);
    send("k", "in time", 200);
    assertEquals(List.of("199", "k late?"), sent());
  }

  @Test
  void allSumsAreSentBeforeACheckpoint() throws Exception {
    var combiner = open(0, false, null);
    send("k", "a", 100);
    send("k", "b", 900);
    combiner.prepareSnapshotPreBarrier(1);
    assertEquals(List.of("k 100 [a] of 1", "k 900 [b] of 1"), sent());
  }

  @Test
  void allSumsAreSentBeforeAnEarlyFiring() throws Exception {
    open(30, false, null);
    harness.processWatermark(95);
    send("k", "a", 100);
    harness.processWatermark(118);
    assertEquals(List.of("95", "118"), sent());
    harness.processWatermark(119);
    assertEquals(List.of("k 100 [a] of 1", "119"), sent());
  }

  @Test
  void veryManyEventsDoNotWait() throws Exception {
    open(0, false, null);
    for (int i = 0; i < PaneCombiner.MOST_EVENTS; i++) {
      send("k" + i % 3, "e", 100);
    }
    assertEquals(3, sent().size());
    send("k", "a", 100);
    assertEquals(List.of(), sent());
  }

  @Test
  void whatIsLeftIsSentAtTheEnd() throws Exception {
    var combiner = open(0, false, null);
    send("k", "a", 100);
    combiner.finish();
    assertEquals(List.of("k 100 [a] of 1"), sent());
  }

  @Test
  void theWatermarkCountsAfterARestart() throws Exception {
    open(0, false, null);
    harness.processWatermark(250);
    OperatorSubtaskState state = harness.snapshot(1, 1);
    harness.close();
    open(0, true, state);
    send("k", "a", 199);
    send("k", "b", 200);
    harness.processWatermark(60);
    assertEquals(List.of("k a", "60"), sent());
  }

  @Test
  void everySubtaskGetsAWatermarkHoweverTheJobIsRescaled() throws Exception {
    open(0, false, null);
    harness.processWatermark(250);
    OperatorSubtaskState known = harness.snapshot(1, 1);
    harness.close();
    for (int subtask = 0; subtask < 3; subtask++) {
      OperatorSubtaskState state =
          AbstractStreamOperatorTestHarness.repartitionOperatorState(
              known, MAX_PARALLELISM, 1, 3, subtask);
      open(0, true, state);
      send("k", "a", 199);
      send("k", "b", 200);
      assertEquals(List.of("k a"), sent());
      harness.close();
    }
  }

  @Test
  void whoWasIdleSendsEventsByThemselves() throws Exception {
    open(0, false, null);
    send("k", "a", 100);
    harness.processWatermarkStatus(WatermarkStatus.IDLE);
    assertEquals(List.of("k 100 [a] of 1", "IDLE"), sent());
    harness.processWatermarkStatus(WatermarkStatus.ACTIVE);
    send("k", "b", 100);
    assertEquals(List.of("ACTIVE", "k b"), sent());
    OperatorSubtaskState state = harness.snapshot(1, 1);
    harness.close();
    open(0, false, state);
    send("k", "c", 100);
    assertEquals(List.of("k c"), sent());
  }

  @Test
  void whoGoesOnFromASavepointOfBeforeSendsEventsByThemselves() throws Exception {
    open(0, true, null);
    send("k", "a", 100);
    assertEquals(List.of(), sent()); // A new job.
    harness.close();
    OperatorSubtaskState nothing = OperatorSubtaskState.builder().build();
    for (int restarts = 0; restarts < 2; restarts++) {
      open(0, true, nothing);
      send("k", "a", 100);
      assertEquals(List.of("k a"), sent());
      nothing = harness.snapshot(1, 1);
      harness.close();
    }
    open(0, false, OperatorSubtaskState.builder().build());
    send("k", "a", 100);
    assertEquals(List.of(), sent()); // The windows are new, too.
  }

  @Test
  void partsCrossTheNetwork() throws IOException {
    var serializer = new PanePartSerializer<>(new TestingIds().serializer());
    Event event = TestingEvents.event("k", "a", 100);
    for (PanePart<List<String>> part :
        List.of(
            PanePart.<List<String>>of("k", event),
            new PanePart<>("k", null, -100, 3, List.of("a", "b")))) {
      DataOutputSerializer out = new DataOutputSerializer(16);
      serializer.serialize(part, out);
      assertEquals(part, serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer())));
      assertEquals(part, serializer.copy(part));
    }
    assertThrows(UnsupportedOperationException.class, serializer::snapshotConfiguration);
  }
}
