package io.flinkblocks.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Event;
import io.flinkblocks.window.EarlyFiring;
import io.flinkblocks.window.SessionOperator;
import io.flinkblocks.window.TestingSessions;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;

/** The records of the analysis to the letter, where late events matter; and very large sessions. */
class CorrectedSessionsTest {
  private static final long MINUTE = 60_000;
  private static final long TIMEOUT = 30 * MINUTE;

  @Test
  void lateEventsCorrectRetractAndAreLate() throws Exception {
    try (TestingSessions sessions = open(10 * MINUTE, new HashMapStateBackend(), null)) {
      sessions.send(event("a", "view", "1", 100));
      sessions.send(event("b", "purchase", "12.50", 110));
      sessions.watermark(140 * MINUTE);
      assertEquals(
          List.of(
              "{\"user_id\":\"u\",\"session_start\":6000000,\"session_end\":6600000,"
                  + "\"duration_ms\":600000,\"event_count\":2,"
                  + "\"actions\":{\"purchase\":1,\"view\":1},\"unique_products\":2,"
                  + "\"purchase_count\":1,\"revenue\":25.00,\"converted\":true}"),
          sessions.take());

      // Within the lateness: the same session, with one event more.
      sessions.send(event("c", "share", "3", 105));
      assertEquals(
          List.of(
              "{\"user_id\":\"u\",\"session_start\":6000000,\"session_end\":6600000,"
                  + "\"duration_ms\":600000,\"event_count\":3,"
                  + "\"actions\":{\"purchase\":1,\"share\":1,\"view\":1},\"unique_products\":3,"
                  + "\"purchase_count\":1,\"revenue\":25.00,\"converted\":true}"),
          sessions.take());

      // It starts earlier: another identity.
      sessions.send(event("d", "view", "4", 70));
      assertEquals(
          List.of(
              "{\"user_id\":\"u\",\"session_start\":6000000,\"retracted\":true}",
              "{\"user_id\":\"u\",\"session_start\":4200000,\"session_end\":6600000,"
                  + "\"duration_ms\":2400000,\"event_count\":4,"
                  + "\"actions\":{\"purchase\":1,\"share\":1,\"view\":2},\"unique_products\":4,"
                  + "\"purchase_count\":1,\"revenue\":25.00,\"converted\":true}"),
          sessions.take());

      // It is closed: the event would belong to it.
      sessions.watermark(150 * MINUTE);
      Event late = event("e", "view", "5", 110);
      sessions.send(late);
      assertEquals(
          List.of("{\"analysis\":\"user-sessions\",\"late_by_ms\":2400000,\"event\":" + late + "}"),
          sessions.take());
      assertEquals(4, sessions.count("used"));
      assertEquals(1, sessions.count("late"));
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void windowingSessionsTellWhichOfTheirRecordsItIs() throws Exception {
    try (TestingSessions sessions =
        TestingSessions.of(
                SessionWindows.OUTPUT,
                new SessionOperator<>(
                    SessionWindows.OUTPUT,
                    new UserSessionAggregator(SessionWindows.OUTPUT, true),
                    TIMEOUT,
                    10 * MINUTE,
                    new EarlyFiring(20 * MINUTE)))
            .open()) {
      sessions.send(event("a", "view", "1", 100));
      sessions.watermark(120 * MINUTE);
      String record =
          "{\"user_id\":\"u\",\"session_start\":6000000,\"session_end\":6000000,"
              + "\"duration_ms\":0,\"event_count\":%d,\"actions\":{\"view\":%d},"
              + "\"unique_products\":1,\"purchase_count\":0,\"revenue\":0.00,"
              + "\"converted\":false,%s}";
      assertEquals(List.of(record.formatted(1, 1, "\"early\":true")), sessions.take());
      sessions.watermark(130 * MINUTE);
      assertEquals(List.of(record.formatted(1, 1, "\"revision\":0")), sessions.take());
      sessions.send(event("a", "view", "1", 100));
      assertEquals(List.of(record.formatted(2, 2, "\"revision\":1")), sessions.take());
      sessions.send(event("a", "view", "1", 90));
      String other =
          record
              .replace("\"session_start\":6000000", "\"session_start\":5400000")
              .replace("\"duration_ms\":0", "\"duration_ms\":600000");
      assertEquals(
          List.of(
              "{\"user_id\":\"u\",\"session_start\":6000000,\"retracted\":true}",
              other.formatted(3, 3, "\"revision\":0")),
          sessions.take());
      sessions.watermark(140 * MINUTE);
      Event late = event("a", "view", "1", 100);
      sessions.send(late);
      assertEquals(
          List.of(
              "{\"analysis\":\"windowing-session\",\"late_by_ms\":2400000,\"event\":" + late + "}"),
          sessions.take());
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void anyNumberOfProductsAndActionsIsCountedExactlyOverARestart() throws Exception {
    for (StateBackend backend :
        List.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend())) {
      List<Event> events = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        // Each product comes three times, each action twenty times.
        int number = i % 666;
        events.add(
            TestingVisits.event(
                "e", "u", "p" + number, "a" + i % 100, BigDecimal.ONE, 1, MINUTE + i));
      }
      OperatorSubtaskState checkpoint;
      try (TestingSessions sessions = open(0, backend, null)) {
        for (Event event : events.subList(0, 900)) {
          sessions.send(event);
        }
        checkpoint = sessions.snapshot();
      }
      try (TestingSessions sessions = open(0, backend, checkpoint)) {
        for (Event event : events.subList(900, events.size())) {
          sessions.send(event);
        }
        sessions.watermark(Long.MAX_VALUE);
        assertEquals(List.of(TestingVisits.record(events)), sessions.take());
        assertTrue(sessions.isEmpty());
      }
    }
  }

  private static Event event(String product, String action, String price, long minute) {
    return TestingVisits.event(
        "e", "u", product, action, new BigDecimal(price), 2, minute * MINUTE);
  }

  private static TestingSessions open(
      long lateness, StateBackend backend, OperatorSubtaskState state) throws Exception {
    TestingSessions.Builder<TestingSessions> builder =
        TestingSessions.of(
                Sessions.OUTPUT,
                new SessionOperator<>(Sessions.OUTPUT, Sessions.aggregator(), TIMEOUT, lateness))
            .backend(backend);
    return (state == null ? builder : builder.restore(1, state)).open();
  }
}
