package io.flinkblocks.popularity;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.EventParser;
import io.flinkblocks.output.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Visits of products, as events, and what the contract says about them, computed naively. */
final class TestingVisits {
  /**
   * What a user did with a product.
   *
   * @param timestamp in ms since the epoch
   */
  record Visit(String category, String product, String user, String action, long timestamp) {
    Event event() {
      byte[] json =
          new JsonWriter()
              .begin()
              .field("event_id", "e")
              .field("user_id", user)
              .field("session_id", "s")
              .field("product_id", product)
              .field("category", category)
              .field("action", action)
              .field("price", 1)
              .field("quantity", 1)
              .field("timestamp", timestamp)
              .end();
      return (Event) new EventParser().parse(json, timestamp);
    }

    int points() {
      return switch (action) {
        case "view" -> 1;
        case "add_to_cart" -> 3;
        case "purchase" -> 5;
        default -> 0;
      };
    }
  }

  private static final Comparator<String> BY_BYTES =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  /** The records of one category and window, of all its visits. */
  static List<String> ranking(long start, long end, int most, List<Visit> visits) {
    Map<String, List<Visit>> products =
        visits.stream().collect(Collectors.groupingBy(Visit::product));
    List<String> ranked =
        products.keySet().stream()
            .filter(product -> score(products.get(product)) > 0)
            .sorted(
                Comparator.<String>comparingLong(product -> -score(products.get(product)))
                    .thenComparing(BY_BYTES))
            .limit(most)
            .toList();
    return IntStream.range(0, ranked.size())
        .mapToObj(i -> record(start, end, i + 1, products.get(ranked.get(i))))
        .toList();
  }

  private static long score(List<Visit> visits) {
    return visits.stream().mapToLong(Visit::points).sum();
  }

  private static String record(long start, long end, int rank, List<Visit> visits) {
    return ("{\"type\":\"product_popularity\",\"category\":\"%s\",\"window_start\":%d,"
            + "\"window_end\":%d,\"rank\":%d,\"product_id\":\"%s\",\"score\":%d,\"views\":%d,"
            + "\"add_to_carts\":%d,\"purchases\":%d,\"unique_users\":%d}")
        .formatted(
            escaped(visits.get(0).category()),
            start,
            end,
            rank,
            escaped(visits.get(0).product()),
            score(visits),
            count(visits, "view"),
            count(visits, "add_to_cart"),
            count(visits, "purchase"),
            visits.stream().map(Visit::user).distinct().count());
  }

  private static long count(List<Visit> visits, String action) {
    return visits.stream().filter(visit -> visit.action().equals(action)).count();
  }

  private static String escaped(String text) {
    return text.replace("\"", "\\\"");
  }

  private TestingVisits() {}
}
