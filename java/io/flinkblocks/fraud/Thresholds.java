package io.flinkblocks.fraud;

import io.flinkblocks.config.Settings;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * From when on purchases are suspicious. Amounts in millionths of the currency, times in ms. A
 * rule's window is also the shortest time between two of its alerts for a user.
 *
 * @param velocityPurchases that many purchases within the window
 * @param highAmountPurchases that many earlier purchases make a mean
 * @param highAmountFactor an amount more than so many times the mean
 * @param smallMicros at most this is small
 * @param largeMicros at least this is large
 * @param smallThenLargeWindow the longest time between the two
 * @param ips that many addresses within the window
 * @param history how long after the last purchase a user is remembered
 */
record Thresholds(
    long velocityPurchases,
    long velocityWindow,
    long highAmountPurchases,
    long highAmountFactor,
    long highAmountWindow,
    long smallMicros,
    long largeMicros,
    long smallThenLargeWindow,
    long ips,
    long ipsWindow,
    long history)
    implements Serializable {
  private static final int DECIMALS = 6;

  /** Longer than event time is; and a timestamp plus this is still a long. */
  private static final long FOR_EVER = Long.MAX_VALUE / 2;

  Thresholds {
    history = Math.min(history, FOR_EVER);
  }

  /**
   * From {@code velocity-purchases, velocity-window, high-amount-purchases, high-amount-factor,
   * high-amount-window, small-amount, large-amount, small-then-large-window, many-ips,
   * many-ips-window, fraud-history}.
   */
  static Thresholds of(Settings settings) {
    return new Thresholds(
        settings.number("velocity-purchases"),
        settings.millis("velocity-window"),
        settings.number("high-amount-purchases"),
        settings.number("high-amount-factor"),
        settings.millis("high-amount-window"),
        // Amounts have six decimals: up to a limit with more is up to the next amount below it.
        micros(settings.decimal("small-amount"), RoundingMode.FLOOR),
        micros(settings.decimal("large-amount"), RoundingMode.CEILING),
        settings.millis("small-then-large-window"),
        settings.number("many-ips"),
        settings.millis("many-ips-window"),
        settings.millis("fraud-history"));
  }

  private static long micros(BigDecimal amount, RoundingMode rounding) {
    return amount.setScale(DECIMALS, rounding).movePointRight(DECIMALS).longValueExact();
  }

  /** The shortest time between two alerts of a rule for a user. */
  long pause(Rule rule) {
    return switch (rule) {
      case VELOCITY -> velocityWindow;
      case HIGH_AMOUNT -> highAmountWindow;
      case SMALL_THEN_LARGE -> smallThenLargeWindow;
      case MANY_IPS -> ipsWindow;
    };
  }
}
