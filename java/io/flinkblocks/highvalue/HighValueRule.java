package io.flinkblocks.highvalue;

import io.flinkblocks.event.Action;
import io.flinkblocks.event.Event;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Which purchases are of high value, and what is said about them.
 *
 * @param leastMicros the smallest such amount, in millionths of the currency
 */
record HighValueRule(long leastMicros) implements Serializable {
  private static final int MICROS_SCALE = 6;

  /** Purchases of at least this amount, which may have any number of decimals. */
  static HighValueRule of(BigDecimal threshold) {
    // Amounts are whole millionths: at least the threshold is at least the next one of those.
    BigDecimal micros = threshold.movePointRight(MICROS_SCALE).setScale(0, RoundingMode.CEILING);
    // What a long does not hold is beyond every amount.
    return new HighValueRule(micros.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValueExact());
  }

  boolean matches(Event event) {
    return event.action() == Action.PURCHASE && event.amountMicros() >= leastMicros;
  }

  /** The record of an event that matches. */
  OutputRecord record(Event purchase, JsonWriter json) {
    json.begin();
    field(json, "event_id", purchase, Event.EVENT_ID);
    field(json, "user_id", purchase, Event.USER_ID);
    field(json, "product_id", purchase, Event.PRODUCT_ID);
    field(json, "category", purchase, Event.CATEGORY);
    byte[] value =
        json.amount("amount", purchase.amountMicros())
            .field("timestamp", purchase.timestamp())
            .end();
    return OutputRecord.of(HighValue.OUTPUT, purchase.bytes(Event.USER_ID), value);
  }

  private static void field(JsonWriter json, String name, Event event, int field) {
    json.field(name, event.data(), event.start(field), event.length(field));
  }
}
