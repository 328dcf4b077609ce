package io.flinkblocks.measures;

import io.flinkblocks.event.Action;
import io.flinkblocks.event.Event;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * windowing-multi_level as the contract tells it: each window of each level from its own events.
 */
final class TestingLevelModel {
  private static final Map<String, Long> LEVELS =
      Map.of("1min", 60_000L, "5min", 300_000L, "1h", 3_600_000L);

  private TestingLevelModel() {}

  /** The last record of each window, up to the number of its revision, sorted. */
  static List<String> records(List<Event> events) {
    return LEVELS.keySet().stream()
        .flatMap(
            level ->
                events.stream()
                    .collect(Collectors.groupingBy(event -> identity(level, event)))
                    .entrySet()
                    .stream()
                    .map(window -> window.getKey() + measures(window.getValue())))
        .sorted()
        .toList();
  }

  /** The last records of windows, up to the number of the revision, sorted. */
  static List<String> last(List<String> records) {
    Map<String, String> last = new TreeMap<>();
    Map<String, Integer> revisions = new TreeMap<>();
    for (String record : records) {
      String identity = record.substring(0, record.indexOf("\"event_count\""));
      int end = record.indexOf("\"revision\"");
      int revision = revisions.merge(identity, 1, Integer::sum) - 1;
      if (!record.substring(end).equals("\"revision\":" + revision + "}")) {
        throw new AssertionError("not revision " + revision + ": " + record);
      }
      last.put(identity, record.substring(0, end));
    }
    return last.values().stream().sorted().toList();
  }

  private static String identity(String level, Event event) {
    long size = LEVELS.get(level);
    long start = event.timestamp() / size * size;
    return "{\"level\":\"%s\",\"window_key\":\"%s\",\"window_start\":%d,\"window_end\":%d,"
        .formatted(level, event.category().replace("\"", "\\\""), start, start + size);
  }

  private static String measures(List<Event> events) {
    List<Event> purchases = events.stream().filter(e -> e.action() == Action.PURCHASE).toList();
    List<BigDecimal> prices =
        events.stream().map(event -> BigDecimal.valueOf(event.priceMicros(), 6)).toList();
    BigDecimal revenue =
        purchases.stream()
            .map(e -> BigDecimal.valueOf(e.priceMicros(), 6).multiply(new BigDecimal(e.quantity())))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    return ("\"event_count\":%d,\"purchase_count\":%d,\"unique_users\":%d,\"revenue\":%s,"
            + "\"min_price\":%s,\"max_price\":%s,")
        .formatted(
            events.size(),
            purchases.size(),
            events.stream().map(Event::userId).distinct().count(),
            json(revenue),
            json(Collections.min(prices)),
            json(Collections.max(prices)));
  }

  private static String json(BigDecimal amount) {
    BigDecimal shortest = amount.stripTrailingZeros();
    return (shortest.scale() < 2 ? shortest.setScale(2) : shortest).toPlainString();
  }
}
