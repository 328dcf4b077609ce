package io.flinkblocks.fraud;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.event.TestingEvents;
import io.flinkblocks.output.Amount;
import io.flinkblocks.output.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Purchases and thresholds for tests. */
final class TestingPurchases {
  static final long YEARS = 730L * 24 * 3600 * 1000;

  /** The thresholds as they are unless flags say otherwise. */
  static Settings settings() {
    return Settings.of(
        new TreeMap<>(
            Map.ofEntries(
                Map.entry("velocity-purchases", "5"),
                Map.entry("velocity-window", "60000"),
                Map.entry("high-amount-purchases", "3"),
                Map.entry("high-amount-factor", "10"),
                Map.entry("high-amount-window", "60000"),
                Map.entry("small-amount", "1.00"),
                Map.entry("large-amount", "500.00"),
                Map.entry("small-then-large-window", "60000"),
                Map.entry("many-ips", "3"),
                Map.entry("many-ips-window", "300000"),
                Map.entry("fraud-history", Long.toString(YEARS)))));
  }

  static Settings settings(String flag, String value) {
    Map<String, String> values = new TreeMap<>(settings().values());
    values.put(flag, value);
    return Settings.of(values);
  }

  /** A purchase by user "u" from no known address. */
  static Event purchase(String id, String amount, long timestamp) {
    return purchase("u", id, amount, null, timestamp);
  }

  /**
   * Any purchase.
   *
   * @param amount as JSON shows it
   * @param ip the address, any text; or null
   */
  static Event purchase(String user, String id, String amount, String ip, long timestamp) {
    return event("purchase", user, id, amount, ip, timestamp);
  }

  static Event event(
      String action, String user, String id, String amount, String ip, long timestamp) {
    JsonWriter json =
        new JsonWriter()
            .begin()
            .field("event_id", id)
            .field("user_id", user)
            .field("session_id", "s")
            .field("product_id", "p")
            .field("category", "c")
            .field("action", action)
            .json("price", amount.getBytes(StandardCharsets.UTF_8))
            .field("quantity", 1)
            .field("timestamp", timestamp);
    if (ip != null) {
      json.open("metadata").field("ip_address", ip).close();
    }
    return TestingEvents.parse(new String(json.end(), StandardCharsets.UTF_8));
  }

  /** An amount of millionths as JSON shows it. */
  static String micros(long micros) {
    return Amount.text(micros);
  }

  private TestingPurchases() {}
}
