package io.flinkblocks.revenue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Action;
import io.flinkblocks.event.Event;
import io.flinkblocks.output.Amount;
import io.flinkblocks.window.TestingEvents;
import io.flinkblocks.window.TestingJob;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RevenueTest {
  private static final int EVENTS = 5_000;
  private static final long DISORDER = TestingJob.DISORDER;
  private static final long START = 1_700_000_040_000L;

  @Test
  void aJobOfFourSubtasksEqualsASumPerCategoryAndMinute() throws Exception {
    List<Event> events = traffic(new Random(7));
    Event late = TestingEvents.purchase("books", "late", BigDecimal.TEN, 1, START);
    events.add(late);

    TestingJob job =
        TestingJob.run(
            events, all -> Revenue.apply(all, Settings.of(Map.of("allowed-lateness", "0"))));

    events.remove(late);
    List<String> expected = new ArrayList<>(model(events));
    expected.add(
        "{\"analysis\":\"revenue-metrics\",\"late_by_ms\":%d,\"event\":%s}"
            .formatted(latestTimestamp(events) - DISORDER - 1 - START, late));
    assertEquals(expected.stream().sorted().toList(), job.values());

    Map<String, Object> counts = job.counts();
    long purchases = events.stream().filter(e -> e.action() == Action.PURCHASE).count();
    assertTrue(purchases > 0 && purchases < EVENTS);
    assertEquals(purchases, counts.get("accounting.revenue-metrics.used"));
    assertEquals(1L, counts.get("accounting.revenue-metrics.late"));
    assertEquals(EVENTS - purchases, counts.get("accounting.revenue-metrics.not-relevant"));
  }

  /** Ten minutes of events, out of order within the bound, some on the edges of windows. */
  private static List<Event> traffic(Random random) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      long now = START + i * 120L;
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

  private static long latestTimestamp(List<Event> events) {
    return events.stream().mapToLong(Event::timestamp).max().getAsLong();
  }

  private record Identity(String category, long start) {}

  private static List<String> model(List<Event> events) {
    Map<Identity, List<Event>> windows =
        events.stream()
            .filter(event -> event.action() == Action.PURCHASE)
            .collect(
                Collectors.groupingBy(
                    e -> new Identity(e.category(), e.timestamp() / 60_000 * 60_000)));
    List<String> records = new ArrayList<>();
    windows.forEach((identity, purchases) -> records.add(model(identity, purchases)));
    return records;
  }

  private static String model(Identity identity, List<Event> purchases) {
    long total = purchases.stream().mapToLong(Event::amountMicros).sum();
    long max = purchases.stream().mapToLong(Event::amountMicros).max().getAsLong();
    long users = purchases.stream().map(Event::userId).distinct().count();
    return ("{\"window_key\":\"%s\",\"window_start\":%d,\"window_end\":%d,"
            + "\"total_revenue\":%s,\"order_count\":%d,\"unique_users\":%d,"
            + "\"avg_order_value\":%s,\"max_order_value\":%s}")
        .formatted(
            identity.category().replace("\"", "\\\""),
            identity.start(),
            identity.start() + 60_000,
            Amount.text(total),
            purchases.size(),
            users,
            Amount.ofMicros(total).averageHalfUp2(purchases.size()),
            Amount.text(max));
  }
}
