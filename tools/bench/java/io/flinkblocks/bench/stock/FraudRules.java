package io.flinkblocks.bench.stock;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** The four rules, with the contract's thresholds. */
final class FraudRules {
  private static final long MINUTE = 60_000;
  private static final long ADDRESS_WINDOW = 5 * MINUTE;
  private static final int VELOCITY_PURCHASES = 5;
  private static final int EARLIER_PURCHASES = 3;
  private static final BigDecimal FACTOR = BigDecimal.TEN;
  private static final BigDecimal SMALL = new BigDecimal("1.00");
  private static final BigDecimal LARGE = new BigDecimal("500.00");
  private static final int MANY_ADDRESSES = 3;

  private record Velocity(int purchases, long windowMs) {}

  private record HighAmount(BigDecimal meanAmount, long previousPurchases) {}

  private record SmallThenLarge(String previousEventId, BigDecimal previousAmount) {}

  private record ManyIps(int ipCount, long windowMs) {}

  /** Looks at a user's next purchase, and adds it to the history. */
  static List<FraudAlert> look(ShopEvent event, PurchaseHistory history) {
    List<FraudAlert> alerts = new ArrayList<>();
    velocity(event, history, alerts);
    highAmount(event, history, alerts);
    smallThenLarge(event, history, alerts);
    manyIps(event, history, alerts);
    history.count++;
    history.total = history.total.add(event.amount());
    history.lastTime = event.timestamp;
    history.lastEventId = event.eventId;
    history.lastAmount = event.amount();
    return alerts;
  }

  private static void velocity(ShopEvent event, PurchaseHistory history, List<FraudAlert> alerts) {
    history.recent.removeIf(time -> time <= event.timestamp - MINUTE);
    history.recent.add(event.timestamp);
    int purchases = history.recent.size();
    if (purchases >= VELOCITY_PURCHASES && mayFire("velocity", MINUTE, event, history)) {
      alerts.add(FraudAlert.of("velocity", "medium", event, new Velocity(purchases, MINUTE)));
    }
  }

  private static void highAmount(
      ShopEvent event, PurchaseHistory history, List<FraudAlert> alerts) {
    if (history.count < EARLIER_PURCHASES) {
      return;
    }
    // amount > 10 x total / count, without a division.
    BigDecimal scaled = event.amount().multiply(BigDecimal.valueOf(history.count));
    if (scaled.compareTo(history.total.multiply(FACTOR)) > 0
        && mayFire("high_amount", MINUTE, event, history)) {
      BigDecimal mean = OutputLine.average(history.total, history.count);
      alerts.add(FraudAlert.of("high_amount", "high", event, new HighAmount(mean, history.count)));
    }
  }

  private static void smallThenLarge(
      ShopEvent event, PurchaseHistory history, List<FraudAlert> alerts) {
    if (history.count > 0
        && event.amount().compareTo(LARGE) >= 0
        && history.lastAmount.compareTo(SMALL) <= 0
        && event.timestamp - history.lastTime <= MINUTE
        && mayFire("small_then_large", MINUTE, event, history)) {
      SmallThenLarge evidence =
          new SmallThenLarge(history.lastEventId, OutputLine.money(history.lastAmount));
      alerts.add(FraudAlert.of("small_then_large", "high", event, evidence));
    }
  }

  private static void manyIps(ShopEvent event, PurchaseHistory history, List<FraudAlert> alerts) {
    history.addresses.values().removeIf(time -> time <= event.timestamp - ADDRESS_WINDOW);
    if (event.metadata != null && event.metadata.ipAddress != null) {
      history.addresses.put(event.metadata.ipAddress, event.timestamp);
    }
    int addresses = history.addresses.size();
    if (addresses >= MANY_ADDRESSES && mayFire("many_ips", ADDRESS_WINDOW, event, history)) {
      alerts.add(
          FraudAlert.of("many_ips", "medium", event, new ManyIps(addresses, ADDRESS_WINDOW)));
    }
  }

  /** Whether the rule's last alert is long enough ago; if so, this one is the last from now on. */
  private static boolean mayFire(
      String rule, long window, ShopEvent event, PurchaseHistory history) {
    Long last = history.alerts.get(rule);
    if (last != null && event.timestamp - last < window) {
      return false;
    }
    history.alerts.put(rule, event.timestamp);
    return true;
  }

  private FraudRules() {}
}
