package io.flinkblocks.bench.stock;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** An alert as it is written. */
record FraudAlert(
    String alertId,
    String rule,
    String severity,
    String userId,
    String eventId,
    long timestamp,
    BigDecimal amount,
    Record evidence) {
  private static final int ID_BYTES = 8;

  static FraudAlert of(String rule, String severity, ShopEvent event, Record evidence) {
    return new FraudAlert(
        id(rule, event),
        rule,
        severity,
        event.userId,
        event.eventId,
        event.timestamp,
        OutputLine.money(event.amount()),
        evidence);
  }

  private static String id(String rule, ShopEvent event) {
    try {
      String text = rule + "|" + event.userId + "|" + event.eventId;
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
