package io.flinkblocks.measures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.TestingEvents;
import io.flinkblocks.window.TestingJob;
import io.flinkblocks.window.TestingLevels;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MultiLevelTest {
  private static final int EVENTS = 4_000;
  private static final long DISORDER = TestingJob.DISORDER;
  private static final long START = 1_699_999_200_000L; // An hour.
  private static final Settings IN_TIME = Settings.of(Map.of("allowed-lateness", "0"));
  private static final Settings LATE = Settings.of(Map.of("allowed-lateness", "7200000"));

  @Test
  void aJobOfFourSubtasksEqualsTheModel() throws Exception {
    List<Event> events = traffic(new Random(11));
    Event late = TestingEvents.purchase("books", "late", BigDecimal.TEN, 1, START);
    events.add(late);

    TestingJob job = TestingJob.run(events, all -> MultiLevel.apply(all, IN_TIME));

    events.remove(late);
    long latest = events.stream().mapToLong(Event::timestamp).max().getAsLong();
    String record = "{\"analysis\":\"windowing-multi_level\",\"late_by_ms\":%d,\"event\":%s}";
    List<String> expected =
        Stream.concat(
                TestingLevelModel.records(events).stream().map(r -> r + "\"revision\":0}"),
                Stream.of(record.formatted(latest - DISORDER - 1 - START, late)))
            .sorted()
            .toList();
    assertEquals(expected, job.values());
    Map<String, Object> counts = job.counts();
    assertEquals((long) EVENTS, counts.get("accounting.windowing-multi_level.used"));
    assertEquals(1L, counts.get("accounting.windowing-multi_level.late"));
  }

  /** Two hours and a bit of events, out of order within the bound, some on the edges of windows. */
  private static List<Event> traffic(Random random) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      long now = START + i * 2_000L;
      long toEdge = Math.floorMod(now, 60_000L) + random.nextInt(2);
      long back = random.nextInt(10) == 0 ? toEdge : random.nextInt((int) DISORDER);
      events.add(
          TestingEvents.event(
              List.of("books", "toys", "food", "b\u00fccher", "\"odd\"").get(random.nextInt(5)),
              "e" + i,
              "user-" + random.nextInt(300),
              random.nextInt(3) == 0 ? "purchase" : "view",
              BigDecimal.valueOf(random.nextInt(200_000_000), 6),
              1 + random.nextInt(4),
              now - Math.min(back, DISORDER - 1)));
    }
    return events;
  }

  @Test
  void aLateEventCorrectsAllThreeLevels() throws Exception {
    try (TestingLevels levels =
        TestingLevels.of(MultiLevel.OUTPUT, MultiLevel.windows(LATE)).open()) {
      levels.send(event("ann", "purchase", "2.50", 2, START + 1_000));
      levels.send(event("ann", "view", "0.000001", 1, START + 61_000));
      levels.watermark(START + 60_000 - 1);
      assertEquals(
          List.of(
              "{\"level\":\"1min\",\"window_key\":\"caf\u00e9\",\"window_start\":1699999200000,"
                  + "\"window_end\":1699999260000,\"event_count\":1,\"purchase_count\":1,"
                  + "\"unique_users\":1,\"revenue\":5.00,\"min_price\":2.50,\"max_price\":2.50,"
                  + "\"revision\":0}"),
          levels.take());
      levels.watermark(START + 3_600_000 - 1);
      assertEquals(3, levels.take().size());

      levels.send(event("bob", "purchase", "7", 1, START + 62_000));
      List<OutputRecord> records = levels.takeRecords().stream().map(r -> r.getValue()).toList();
      assertEquals(
          List.of(
              "{\"level\":\"1min\",\"window_key\":\"caf\u00e9\",\"window_start\":1699999260000,"
                  + "\"window_end\":1699999320000,\"event_count\":2,\"purchase_count\":1,"
                  + "\"unique_users\":2,\"revenue\":7.00,\"min_price\":0.000001,\"max_price\":7.00,"
                  + "\"revision\":1}",
              "{\"level\":\"5min\",\"window_key\":\"caf\u00e9\",\"window_start\":1699999200000,"
                  + "\"window_end\":1699999500000,\"event_count\":3,\"purchase_count\":2,"
                  + "\"unique_users\":2,\"revenue\":12.00,\"min_price\":0.000001,"
                  + "\"max_price\":7.00,\"revision\":1}",
              "{\"level\":\"1h\",\"window_key\":\"caf\u00e9\",\"window_start\":1699999200000,"
                  + "\"window_end\":1700002800000,\"event_count\":3,\"purchase_count\":2,"
                  + "\"unique_users\":2,\"revenue\":12.00,\"min_price\":0.000001,"
                  + "\"max_price\":7.00,\"revision\":1}"),
          records.stream().map(r -> new String(r.value(), StandardCharsets.UTF_8)).toList());
      for (OutputRecord record : records) {
        assertEquals("windowing-multi_level", record.output());
        assertEquals("caf\u00e9", new String(record.key(), StandardCharsets.UTF_8));
      }
    }
  }

  private static Event event(
      String user, String action, String price, int quantity, long timestamp) {
    return TestingEvents.event(
        "caf\u00e9", "e", user, action, new BigDecimal(price), quantity, timestamp);
  }
}
