package io.flinkblocks.global;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.event.TestingEvents;
import io.flinkblocks.ordered.TestingOrdered;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.window.TestingOperator.Builder;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Events with prices, and what the definition of windowing-global says of them, from all of them.
 */
final class TestingGlobal {
  private static final long MINUTE = 60_000;

  static Settings settings(long triggerCount) {
    return Settings.of(Map.of("custom-trigger-count", Long.toString(triggerCount)));
  }

  /** The operator as the job has it. */
  static Builder<TestingOrdered> operator(long triggerCount) {
    return TestingOrdered.of(
        GlobalWindows.OUTPUT, GlobalWindows.logic(settings(triggerCount)), Event::productId);
  }

  /**
   * An event.
   *
   * @param price as JSON shows it
   */
  static Event event(String product, String id, long timestamp, String price) {
    byte[] json =
        new JsonWriter()
            .begin()
            .field("event_id", id)
            .field("user_id", "u")
            .field("session_id", "s")
            .field("product_id", product)
            .field("category", "c")
            .field("action", "view")
            .json("price", price.getBytes(StandardCharsets.UTF_8))
            .field("quantity", 1)
            .field("timestamp", timestamp)
            .end();
    return TestingEvents.parse(new String(json, StandardCharsets.UTF_8));
  }

  /** The records of each product, in their order; of events in any order. */
  static Map<String, List<String>> model(List<Event> events, long triggerCount) {
    Map<String, List<Event>> products =
        events.stream().collect(Collectors.groupingBy(Event::productId));
    Map<String, List<String>> records = new TreeMap<>();
    products.forEach(
        (product, itsEvents) -> {
          List<String> fired = new OneProduct(product, triggerCount).records(itsEvents);
          if (!fired.isEmpty()) {
            records.put(product, fired);
          }
        });
    return records;
  }

  /** Values of records by product, in their order. */
  static Map<String, List<String>> byProduct(List<String> values) {
    Function<String, String> product =
        value -> value.replaceFirst("\\{\"product_id\":\"([^\"]*)\".*", "$1");
    return values.stream()
        .collect(Collectors.groupingBy(product, TreeMap::new, Collectors.toList()));
  }

  /** The definition, read from front to back. */
  private static final class OneProduct {
    private final String product;
    private final long triggerCount;
    private final List<Event> all = new ArrayList<>();
    private final List<Event> sinceFiring = new ArrayList<>();
    private final List<String> records = new ArrayList<>();

    OneProduct(String product, long triggerCount) {
      this.product = product;
      this.triggerCount = triggerCount;
    }

    List<String> records(List<Event> events) {
      List<Event> ordered = new ArrayList<>(events);
      ordered.sort(TestingGlobal::compare);
      for (Event event : ordered) {
        timeoutUpTo(event.timestamp());
        all.add(event);
        sinceFiring.add(event);
        if (sinceFiring.size() == triggerCount) {
          fire("count");
        }
      }
      timeoutUpTo(Long.MAX_VALUE);
      return records;
    }

    private void timeoutUpTo(long time) {
      if (!sinceFiring.isEmpty() && sinceFiring.get(0).timestamp() + 5 * MINUTE <= time) {
        fire("timeout");
      }
    }

    private void fire(String firedBy) {
      sinceFiring.clear();
      long newest = all.get(all.size() - 1).timestamp();
      List<Event> kept =
          all.stream().filter(event -> event.timestamp() > newest - 10 * MINUTE).toList();
      kept = kept.subList(Math.max(0, kept.size() - 500), kept.size());
      List<BigDecimal> prices =
          kept.stream().map(event -> BigDecimal.valueOf(event.priceMicros(), 6)).sorted().toList();
      BigDecimal sum = prices.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
      records.add(
          ("{\"product_id\":\"%s\",\"fired_by\":\"%s\",\"from\":%d,\"to\":%d,\"count\":%d,"
                  + "\"avg_price\":%s,\"min_price\":%s,\"max_price\":%s}")
              .formatted(
                  product,
                  firedBy,
                  kept.get(0).timestamp(),
                  newest,
                  kept.size(),
                  sum.divide(BigDecimal.valueOf(kept.size()), 2, RoundingMode.HALF_UP),
                  text(prices.get(0)),
                  text(prices.get(prices.size() - 1))));
    }
  }

  private static String text(BigDecimal amount) {
    BigDecimal shortest = amount.stripTrailingZeros();
    return shortest.setScale(Math.max(2, shortest.scale())).toPlainString();
  }

  private static int compare(Event a, Event b) {
    int byTime = Long.compare(a.timestamp(), b.timestamp());
    int byId = Arrays.compareUnsigned(utf8(a.eventId()), utf8(b.eventId()));
    int byBytes = Arrays.compareUnsigned(utf8(a.toString()), utf8(b.toString()));
    return byTime != 0 ? byTime : byId != 0 ? byId : byBytes;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private TestingGlobal() {}
}
