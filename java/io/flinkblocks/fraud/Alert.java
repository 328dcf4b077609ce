package io.flinkblocks.fraud;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.Consumer;

/** The records of fraud-alerts. */
final class Alert {
  private static final int ID_BYTES = 8;

  /**
   * The alert that a purchase set off.
   *
   * @param evidence writes the fields of the object of that name
   */
  static OutputRecord of(Rule rule, Event purchase, Consumer<JsonWriter> evidence) {
    JsonWriter json =
        new JsonWriter()
            .begin()
            .field("alert_id", id(rule, purchase))
            .field("rule", rule.label)
            .field("severity", rule.severity)
            .field("user_id", purchase.bytes(Event.USER_ID))
            .field("event_id", purchase.bytes(Event.EVENT_ID))
            .field("timestamp", purchase.timestamp())
            .amount("amount", purchase.amountMicros())
            .open("evidence");
    evidence.accept(json);
    byte[] value = json.close().end();
    return OutputRecord.of(Fraud.OUTPUT, purchase.bytes(Event.USER_ID), value);
  }

  /** The same alert has the same id whenever and wherever it is found. */
  private static String id(Rule rule, Event purchase) {
    MessageDigest sha256 = Sha256.start();
    sha256.update((rule.label + "|").getBytes(StandardCharsets.UTF_8));
    sha256.update(purchase.bytes(Event.USER_ID));
    sha256.update((byte) '|');
    sha256.update(purchase.bytes(Event.EVENT_ID));
    return HexFormat.of().formatHex(sha256.digest(), 0, ID_BYTES);
  }

  private Alert() {}
}
