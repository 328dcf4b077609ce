package io.flinkblocks.fraud;

import io.flinkblocks.event.Event;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The rules with their usual thresholds, worked out anew from all purchases at each of them. */
final class TestingNaiveRules {
  /** The values of the alerts of one user's purchases, in any order. */
  static List<String> alerts(List<Event> purchases, long history) {
    List<Event> ordered = new ArrayList<>(purchases);
    ordered.sort(TestingNaiveRules::compare);
    List<String> alerts = new ArrayList<>();
    Map<String, Long> last = new HashMap<>();
    int from = 0; // Where the user's history begins.
    for (int i = 0; i < ordered.size(); i++) {
      Event now = ordered.get(i);
      if (i > 0 && now.timestamp() - ordered.get(i - 1).timestamp() >= history) {
        from = i;
        last.clear();
      }
      for (String[] found : found(ordered.subList(from, i + 1))) {
        String rule = found[0];
        long pause = rule.equals("many_ips") ? 300_000 : 60_000;
        if (!last.containsKey(rule) || now.timestamp() - last.get(rule) >= pause) {
          last.put(rule, now.timestamp());
          alerts.add(alert(rule, found[1], now, found[2]));
        }
      }
    }
    return alerts;
  }

  private static int compare(Event a, Event b) {
    int byTime = Long.compare(a.timestamp(), b.timestamp());
    int byId = Arrays.compareUnsigned(utf8(a.eventId()), utf8(b.eventId()));
    int byBytes = Arrays.compareUnsigned(utf8(a.toString()), utf8(b.toString()));
    return byTime != 0 ? byTime : byId != 0 ? byId : byBytes;
  }

  /** Rule, severity and evidence of all that hold at the last of the purchases. */
  private static List<String[]> found(List<Event> purchases) {
    List<String[]> found = new ArrayList<>();
    Event now = purchases.get(purchases.size() - 1);
    List<Event> earlier = purchases.subList(0, purchases.size() - 1);
    int recent = since(now.timestamp() - 60_000, purchases).size();
    if (recent >= 5) {
      String evidence = "{\"purchases\":" + recent + ",\"window_ms\":60000}";
      found.add(new String[] {"velocity", "medium", evidence});
    }
    if (earlier.size() >= 3) {
      BigDecimal count = BigDecimal.valueOf(earlier.size());
      BigDecimal sum =
          earlier.stream().map(TestingNaiveRules::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
      if (amount(now).multiply(count).compareTo(sum.multiply(BigDecimal.TEN)) > 0) {
        String mean = sum.divide(count, 2, RoundingMode.HALF_UP).toPlainString();
        String evidence = "{\"mean_amount\":%s,\"previous_purchases\":%s}".formatted(mean, count);
        found.add(new String[] {"high_amount", "high", evidence});
      }
    }
    if (!earlier.isEmpty() && amount(now).compareTo(new BigDecimal("500")) >= 0) {
      Event before = earlier.get(earlier.size() - 1);
      if (amount(before).compareTo(BigDecimal.ONE) <= 0
          && before.timestamp() >= now.timestamp() - 60_000) {
        String evidence =
            "{\"previous_event_id\":\"%s\",\"previous_amount\":%s}"
                .formatted(before.eventId(), text(amount(before)));
        found.add(new String[] {"small_then_large", "high", evidence});
      }
    }
    long addresses =
        since(now.timestamp() - 300_000, purchases).stream()
            .map(purchase -> purchase.string(Event.IP_ADDRESS))
            .filter(Objects::nonNull)
            .distinct()
            .count();
    if (addresses >= 3) {
      String evidence = "{\"ip_count\":" + addresses + ",\"window_ms\":300000}";
      found.add(new String[] {"many_ips", "medium", evidence});
    }
    return found;
  }

  private static List<Event> since(long time, List<Event> purchases) {
    return purchases.stream().filter(purchase -> purchase.timestamp() > time).toList();
  }

  private static String alert(String rule, String severity, Event event, String evidence) {
    return ("{\"alert_id\":\"%s\",\"rule\":\"%s\",\"severity\":\"%s\",\"user_id\":\"%s\","
            + "\"event_id\":\"%s\",\"timestamp\":%d,\"amount\":%s,\"evidence\":%s}")
        .formatted(
            id(rule + "|" + event.userId() + "|" + event.eventId()),
            rule,
            severity,
            event.userId(),
            event.eventId(),
            event.timestamp(),
            text(amount(event)),
            evidence);
  }

  private static String id(String name) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(utf8(name));
      StringBuilder hex = new StringBuilder();
      for (int i = 0; i < 8; i++) {
        hex.append("%02x".formatted(digest[i]));
      }
      return hex.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static BigDecimal amount(Event event) {
    return BigDecimal.valueOf(event.priceMicros(), 6).multiply(new BigDecimal(event.quantity()));
  }

  private static String text(BigDecimal amount) {
    BigDecimal shortest = amount.stripTrailingZeros();
    return shortest.setScale(Math.max(2, shortest.scale())).toPlainString();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private TestingNaiveRules() {}
}
