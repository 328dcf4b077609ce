package io.flinkblocks.pattern;

import io.flinkblocks.event.Event;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the definition of windowing-pattern says of a list of all events, in any order. */
final class TestingDefinition {
  private static final long WINDOW = 600_000;
  private static final long MINUTE = 60_000;

  private static final Comparator<String> BY_BYTES =
      (a, b) -> Arrays.compareUnsigned(utf8(a), utf8(b));

  private static final Comparator<Event> IN_ORDER =
      Comparator.comparingLong(Event::timestamp)
          .thenComparing(Event::eventId, BY_BYTES)
          .thenComparing(Event::toString, BY_BYTES);

  /** The records of each user, in their order. */
  static Map<String, List<String>> users(List<Event> events) {
    Map<String, List<String>> records = new TreeMap<>();
    Map<String, Map<Long, Map<String, List<Event>>>> grouped =
        events.stream()
            .sorted(IN_ORDER)
            .collect(
                Collectors.groupingBy(
                    Event::userId,
                    Collectors.groupingBy(
                        event -> event.timestamp() / WINDOW * WINDOW,
                        TreeMap::new,
                        Collectors.groupingBy(
                            Event::productId,
                            () -> new TreeMap<>(BY_BYTES),
                            Collectors.toList()))));
    grouped.forEach(
        (user, windows) ->
            windows.forEach(
                (start, products) ->
                    products.forEach(
                        (product, its) ->
                            found(its)
                                .forEach(
                                    (pattern, ids) ->
                                        records
                                            .computeIfAbsent(user, none -> new ArrayList<>())
                                            .add(record(pattern, user, product, start, ids))))));
    return records;
  }

  /** The patterns of one user, product and window, in their order. */
  private static Map<String, List<String>> found(List<Event> events) {
    Map<String, List<String>> found = new LinkedHashMap<>();
    List<String> triple = firstTriple(events);
    if (triple != null) {
      found.put("conversion", triple);
    }
    int last = -1;
    for (int i = 0; i < events.size(); i++) {
      last = is("add_to_cart", events.get(i)) ? i : last;
    }
    if (last >= 0
        && events.subList(last, events.size()).stream()
            .noneMatch(event -> is("purchase", event) || is("remove_from_cart", event))) {
      found.put("abandoned_cart", List.of(events.get(last).eventId()));
    }
    List<String> views =
        events.stream().filter(event -> is("view", event)).map(Event::eventId).toList();
    if (views.size() >= 5 && last < 0) {
      found.put("indecision", views.subList(0, 5));
    }
    return found;
  }

  private static List<String> firstTriple(List<Event> events) {
    for (int i = 0; i < events.size(); i++) {
      for (int j = i + 1; j < events.size(); j++) {
        for (int k = j + 1; k < events.size(); k++) {
          if (is("view", events.get(i))
              && is("add_to_cart", events.get(j))
              && is("purchase", events.get(k))) {
            return List.of(
                events.get(i).eventId(), events.get(j).eventId(), events.get(k).eventId());
          }
        }
      }
    }
    return null;
  }

  private static boolean is(String action, Event event) {
    return event.string(Event.ACTION).equals(action);
  }

  private static String record(
      String pattern, String user, String product, long start, List<String> ids) {
    return ("{\"pattern\":\"%s\",\"user_id\":\"%s\",\"product_id\":\"%s\",\"window_start\":%d,"
            + "\"window_end\":%d,\"event_ids\":[\"%s\"]}")
        .formatted(pattern, user, product, start, start + WINDOW, String.join("\",\"", ids));
  }

  /** The spikes of each category, in their order. */
  static Map<String, List<String>> categories(List<Event> events) {
    Map<String, List<String>> records = new TreeMap<>();
    Map<String, TreeMap<Long, Integer>> counts = new TreeMap<>();
    for (Event event : events) {
      counts
          .computeIfAbsent(event.category(), none -> new TreeMap<>())
          .merge(event.timestamp() / MINUTE, 1, Integer::sum);
    }
    counts.forEach(
        (category, minutes) -> {
          List<String> spikes = spikes(category, minutes);
          if (!spikes.isEmpty()) {
            records.put(category, spikes);
          }
        });
    return records;
  }

  private static List<String> spikes(String category, TreeMap<Long, Integer> minutes) {
    List<String> spikes = new ArrayList<>();
    long known = 0;
    for (long minute : minutes.keySet()) {
      // The category is new, or was silent for the five minutes before and is new again.
      known = minutes.subMap(minute - 5, minute).isEmpty() ? minute : known;
      BigDecimal mean =
          BigDecimal.valueOf(
                  minutes.subMap(minute - 5, minute).values().stream().mapToInt(n -> n).sum())
              .divide(BigDecimal.valueOf(5))
              .setScale(2);
      BigDecimal count = BigDecimal.valueOf(minutes.get(minute));
      if (minute >= known + 5 && count.compareTo(mean.multiply(BigDecimal.valueOf(3))) > 0) {
        spikes.add(
            ("{\"pattern\":\"spike\",\"category\":\"%s\",\"window_start\":%d,\"window_end\":%d,"
                    + "\"event_count\":%s,\"baseline\":%s}")
                .formatted(category, minute * MINUTE, (minute + 1) * MINUTE, count, mean));
      }
    }
    return spikes;
  }

  /** Values of records by user or category, in their order. */
  static Map<String, List<String>> byKey(List<String> values) {
    Function<String, String> key =
        value -> value.replaceFirst(".*?\"(?:user_id|category)\":\"([^\"]*)\".*", "$1");
    return values.stream().collect(Collectors.groupingBy(key, TreeMap::new, Collectors.toList()));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private TestingDefinition() {}
}
