package io.flinkblocks.session;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.EventParser;
import io.flinkblocks.output.Amount;
import io.flinkblocks.output.JsonWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Events of users for tests, and what the contract says of their sessions. */
final class TestingVisits {
  /** An event, made as all events are: from JSON. */
  static Event event(
      String id,
      String user,
      String product,
      String action,
      BigDecimal price,
      int quantity,
      long timestamp) {
    byte[] json =
        new JsonWriter()
            .begin()
            .field("event_id", id)
            .field("user_id", user)
            .field("session_id", "s")
            .field("product_id", product)
            .field("category", "c")
            .field("action", action)
            .json("price", price.toPlainString().getBytes(StandardCharsets.UTF_8))
            .field("quantity", quantity)
            .field("timestamp", timestamp)
            .end();
    if (new EventParser().parse(json, timestamp) instanceof Event event) {
      return event;
    }
    throw new IllegalArgumentException(
        "no valid event: " + new String(json, StandardCharsets.UTF_8));
  }

  /** The records of all sessions of all users, without late events. */
  static List<String> sessions(List<Event> events, long timeout) {
    List<String> records = new ArrayList<>();
    events.stream()
        .collect(Collectors.groupingBy(Event::userId))
        .forEach(
            (user, own) -> {
              List<Event> session = new ArrayList<>();
              for (Event event : own.stream().sorted(byTime()).toList()) {
                if (!session.isEmpty()
                    && event.timestamp() - session.get(session.size() - 1).timestamp() > timeout) {
                  records.add(record(session));
                  session.clear();
                }
                session.add(event);
              }
              records.add(record(session));
            });
    return records;
  }

  private static Comparator<Event> byTime() {
    return Comparator.comparingLong(Event::timestamp);
  }

  /** The record of a session of these events. */
  static String record(List<Event> session) {
    long start = session.stream().mapToLong(Event::timestamp).min().getAsLong();
    long end = session.stream().mapToLong(Event::timestamp).max().getAsLong();
    List<Event> purchases =
        session.stream().filter(e -> e.string(Event.ACTION).equals("purchase")).toList();
    BigDecimal revenue =
        purchases.stream()
            .map(e -> BigDecimal.valueOf(e.priceMicros(), 6).multiply(new BigDecimal(e.quantity())))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    return ("{\"user_id\":%s,\"session_start\":%d,\"session_end\":%d,\"duration_ms\":%d,"
            + "\"event_count\":%d,\"actions\":{%s},\"unique_products\":%d,\"purchase_count\":%d,"
            + "\"revenue\":%s,\"converted\":%b}")
        .formatted(
            quoted(session.get(0).userId()),
            start,
            end,
            end - start,
            session.size(),
            actions(session),
            session.stream().map(Event::productId).distinct().count(),
            purchases.size(),
            amount(revenue),
            !purchases.isEmpty());
  }

  private static String actions(List<Event> session) {
    TreeMap<byte[], Integer> counts = new TreeMap<>(Arrays::compareUnsigned);
    session.forEach(event -> counts.merge(event.bytes(Event.ACTION), 1, Integer::sum));
    return counts.entrySet().stream()
        .map(e -> quoted(new String(e.getKey(), StandardCharsets.UTF_8)) + ":" + e.getValue())
        .collect(Collectors.joining(","));
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }

  private static String amount(BigDecimal amount) {
    return Amount.text(amount.movePointRight(6).longValueExact());
  }

  private TestingVisits() {}
}
