package io.flinkblocks.pyflink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.EventParser;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;

// Flink's harness declares a close() that may be interrupted.
@SuppressWarnings("try")
class EventRowsTest {
  private static final String JSON =
      "{\"event_id\":\"e\", \"user_id\":\"\\u00fc\\u0000\",\"session_id\":\"s\","
          + "\"product_id\":\"p\",\"category\":\"\ud83d\ude00\",\"action\":\"gaze\","
          + "\"price\":2.5,\"quantity\":3,\"timestamp\":1000%s}";

  @Test
  void aRowHasTheFieldsAndTheRecordAsItWasWritten() throws Exception {
    String written = JSON.formatted(",\"metadata\":{\"ip_address\":\"::1\"}");
    try (var rows = open(0, null)) {
      Row event = send(rows, written);
      List<Object> expected =
          List.of(
              "e",
              "\u00fc\u0000",
              "s",
              "p",
              "\ud83d\ude00",
              "gaze",
              "::1",
              7_500_000L,
              1000L,
              written,
              Long.MIN_VALUE,
              Long.MIN_VALUE,
              2_500_000L);
      for (int i = 0; i < expected.size(); i++) {
        Object field = event.getField(i);
        Object found = field instanceof byte[] text ? new String(text, UTF_8) : field;
        assertEquals(expected.get(i), found, EventRows.EVENT.getFieldNames()[i]);
      }
      assertEquals(expected.size(), event.getArity());
      assertNull(send(rows, JSON.formatted("")).getField(6));
    }
  }

  @Test
  void aRowTellsHowFarEventTimeHasCome() throws Exception {
    try (var rows = open(100, null)) {
      rows.processWatermark(1_500);
      assertTimes(1_500, 1_400, send(rows, JSON.formatted("")));
    }
  }

  @Test
  void eventTimeDoesNotGoBackWithARestart() throws Exception {
    OperatorSubtaskState checkpoint;
    try (var rows = open(100, null)) {
      rows.processWatermark(1_500);
      checkpoint = rows.snapshot(1, 1);
    }
    try (var rows = open(200, checkpoint)) {
      assertTimes(1_500, 1_400, send(rows, JSON.formatted("")));
      rows.processWatermark(1_450);
      assertTimes(1_500, 1_400, send(rows, JSON.formatted("")));
      rows.processWatermark(1_700);
      assertTimes(1_700, 1_500, send(rows, JSON.formatted("")));
    }
  }

  private static void assertTimes(long watermark, long closed, Row event) {
    assertEquals(watermark, event.<Long>getFieldAs(10));
    assertEquals(closed, event.<Long>getFieldAs(11));
  }

  private static KeyedOneInputStreamOperatorTestHarness<Row, Event, Row> open(
      long allowedLateness, OperatorSubtaskState state) throws Exception {
    var harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new EventRows.Operator(allowedLateness, "no settings", "rows"),
            event -> Row.of(event.category()),
            EventRows.KEY);
    harness.getExecutionConfig().enableObjectReuse();
    harness.setup(
        EventRows.KEYED.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    return harness;
  }

  /** Sends an event; gives the row of it, without the key. */
  private static Row send(KeyedOneInputStreamOperatorTestHarness<Row, Event, Row> rows, String json)
      throws Exception {
    byte[] bytes = json.getBytes(UTF_8);
    Event event = (Event) new EventParser().parse(bytes, 1000);
    rows.getOutput().clear();
    rows.processElement(new StreamRecord<>(event, event.timestamp()));
    Row row = rows.extractOutputValues().get(0);
    assertEquals(event.category(), row.getField(0));
    return row.getFieldAs(1);
  }
}
