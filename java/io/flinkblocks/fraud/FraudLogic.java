package io.flinkblocks.fraud;

import io.flinkblocks.event.Event;
import io.flinkblocks.ordered.KeyedLogic;
import io.flinkblocks.output.Amount;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import java.math.BigInteger;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * The {@link Rule}s over one user's purchases in their order. To be given purchases only.
 *
 * <p>A window of a rule at time t is (t - length, t]; its purchases are those up to and including
 * the one looked at, so of several at one time each counts those before it.
 */
final class FraudLogic implements KeyedLogic<FraudState> {
  private static final long serialVersionUID = 1;

  private static final Rule[] RULES = Rule.values();

  private final Thresholds thresholds;

  FraudLogic(Thresholds thresholds) {
    this.thresholds = thresholds;
  }

  @Override
  public FraudState create() {
    return new FraudState();
  }

  @Override
  public void onEvent(Event purchase, FraudState user, Consumer<OutputRecord> out) {
    long time = purchase.timestamp();
    user.times.dropUpTo(time - thresholds.velocityWindow());
    user.times.add(time);
    user.addresses.dropUpTo(time - thresholds.ipsWindow());
    user.addresses.add(purchase);
    for (Rule rule : RULES) {
      if (holds(rule, purchase, user) && user.mayAlert(rule, time, thresholds.pause(rule))) {
        user.alerted(rule, time);
        out.accept(Alert.of(rule, purchase, json -> writeEvidence(rule, user, json)));
      }
    }
    user.add(purchase);
  }

  private boolean holds(Rule rule, Event purchase, FraudState user) {
    return switch (rule) {
      case VELOCITY -> user.times.count() >= thresholds.velocityPurchases();
      case HIGH_AMOUNT ->
          user.purchases >= thresholds.highAmountPurchases()
              && isAboveMean(purchase.amountMicros(), user);
      case SMALL_THEN_LARGE ->
          purchase.amountMicros() >= thresholds.largeMicros() && followsSmall(purchase, user);
      case MANY_IPS -> user.addresses.count() >= thresholds.ips();
    };
  }

  private boolean followsSmall(Event purchase, FraudState user) {
    return user.purchases > 0
        && user.lastMicros <= thresholds.smallMicros()
        && purchase.timestamp() - user.lastTimestamp <= thresholds.smallThenLargeWindow();
  }

  private boolean isAboveMean(long micros, FraudState user) {
    return isGreater(micros, user.purchases, thresholds.highAmountFactor(), user.total);
  }

  /** Whether amount x count &gt; factor x total, exactly; none of them negative. */
  static boolean isGreater(long amount, long count, long factor, Amount total) {
    if (total.high() == 0 && total.low() >= 0) {
      // Two products of 63 bits each, compared as words of 64.
      long high = Math.multiplyHigh(amount, count);
      long otherHigh = Math.multiplyHigh(factor, total.low());
      return high == otherHigh
          ? Long.compareUnsigned(amount * count, factor * total.low()) > 0
          : high > otherHigh;
    }
    BigInteger product = BigInteger.valueOf(amount).multiply(BigInteger.valueOf(count));
    return product.compareTo(BigInteger.valueOf(factor).multiply(total.toBigInteger())) > 0;
  }

  private void writeEvidence(Rule rule, FraudState user, JsonWriter json) {
    switch (rule) {
      case VELOCITY ->
          json.field("purchases", user.times.count())
              .field("window_ms", thresholds.velocityWindow());
      case HIGH_AMOUNT ->
          json.amount("mean_amount", user.total.averageHalfUp2(user.purchases))
              .field("previous_purchases", user.purchases);
      case SMALL_THEN_LARGE ->
          json.field("previous_event_id", user.lastEventId)
              .amount("previous_amount", user.lastMicros);
      case MANY_IPS ->
          json.field("ip_count", user.addresses.count()).field("window_ms", thresholds.ipsWindow());
    }
  }

  /** The user was silent for long: is new again. */
  @Override
  public void onTimer(String userId, long time, FraudState user, Consumer<OutputRecord> out) {
    user.purchases = 0;
  }

  @Override
  public long timer(FraudState user) {
    return user.purchases == 0 ? NEVER : user.lastTimestamp + thresholds.history();
  }

  @Override
  public long footprint(FraudState user) {
    return user.footprint();
  }

  @Override
  public TypeSerializer<FraudState> serializer() {
    return FraudSerializer.INSTANCE;
  }
}
