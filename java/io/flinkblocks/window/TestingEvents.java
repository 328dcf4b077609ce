package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.EventParser;
import io.flinkblocks.output.JsonWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Events for tests, made as all events are: from JSON. */
public final class TestingEvents {
  /** A view by a user whose id is the event's, at a time in ms. */
  public static Event event(String category, String id, long timestamp) {
    return event(category, id, id, "view", BigDecimal.ONE, 1, timestamp);
  }

  /** A purchase. */
  public static Event purchase(
      String category, String user, BigDecimal price, int quantity, long timestamp) {
    return event(category, "e", user, "purchase", price, quantity, timestamp);
  }

  /** Any event; texts may hold any character but lone surrogates. */
  public static Event event(
      String category,
      String id,
      String user,
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
            .field("product_id", "p")
            .field("category", category)
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

  private TestingEvents() {}
}
