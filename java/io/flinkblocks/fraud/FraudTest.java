package io.flinkblocks.fraud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Action;
import io.flinkblocks.event.Event;
import io.flinkblocks.window.TestingJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FraudTest {
  private static final int EVENTS = 5_000;
  private static final int DISORDER = (int) TestingJob.DISORDER;
  private static final long START = 1_700_000_040_000L;

  @Test
  void aJobOfFourSubtasksEqualsTheNaiveRules() throws Exception {
    List<Event> events = traffic(new Random(7));
    Event late = TestingPurchases.purchase("late", "late", "10", null, START);
    events.add(late);

    TestingJob job = TestingJob.run(events, all -> Fraud.apply(all, TestingPurchases.settings()));

    events.remove(late);
    List<String> expected = new ArrayList<>(model(events));
    assertTrue(expected.size() > 300, expected.size() + " alerts");
    expected.add(
        "{\"analysis\":\"fraud-alerts\",\"late_by_ms\":%d,\"event\":%s}"
            .formatted(latestTimestamp(events) - DISORDER - 1 - START, late));
    assertEquals(expected.stream().sorted().toList(), job.values());

    Map<String, Object> counts = job.counts();
    long purchases = events.stream().filter(e -> e.action() == Action.PURCHASE).count();
    assertTrue(purchases > 0 && purchases < EVENTS);
    assertEquals(purchases, counts.get("accounting.fraud-alerts.used"));
    assertEquals(1L, counts.get("accounting.fraud-alerts.late"));
    assertEquals(0L, counts.get("accounting.fraud-alerts.held"));
    assertEquals(EVENTS - purchases, counts.get("accounting.fraud-alerts.not-relevant"));
  }

  /** Out of order within the bound, with many events of one user at the same millisecond. */
  private static List<Event> traffic(Random random) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      long now = START + i * 60L;
      long time = Math.max(START, now - random.nextInt(DISORDER - 1_000));
      events.add(
          TestingPurchases.event(
              random.nextInt(3) == 0 ? "purchase" : "view",
              "\u00fcser-" + random.nextInt(60),
              "e" + random.nextInt(100),
              List.of("0.99", "1", "25", "12.123456", "99.9", "500", "9999").get(random.nextInt(7)),
              random.nextInt(5) == 0 ? null : "10.0.0." + random.nextInt(5),
              random.nextInt(10) == 0 ? Math.max(START, time / 1_000 * 1_000) : time));
    }
    return events;
  }

  private static long latestTimestamp(List<Event> events) {
    return events.stream().mapToLong(Event::timestamp).max().getAsLong();
  }

  private static List<String> model(List<Event> events) {
    Map<String, List<Event>> users =
        events.stream()
            .filter(event -> event.action() == Action.PURCHASE)
            .collect(Collectors.groupingBy(Event::userId));
    List<String> records = new ArrayList<>();
    users.forEach(
        (user, purchases) ->
            TestingNaiveRules.alerts(purchases, TestingPurchases.YEARS).forEach(records::add));
    return records;
  }
}
