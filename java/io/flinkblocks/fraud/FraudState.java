package io.flinkblocks.fraud;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.Amount;
import java.util.Arrays;

/** What the rules need to know of one user's purchases. */
final class FraudState {
  private static final long NONE = Long.MIN_VALUE;

  /** Of everything here that does not grow. */
  private static final long OWN_BYTES = 400;

  /** When the latest of them were; up to and including the one looked at. */
  final RecentTimes times;

  /** From where the latest of them came; up to and including the one looked at. */
  final RecentAddresses addresses;

  /** The sum of those before the one looked at, and their number. */
  final Amount total;

  long purchases;

  // Of the purchase just before; without meaning when there is none.
  byte[] lastEventId = new byte[0];
  long lastTimestamp;
  long lastMicros;

  private final long[] alerts;

  FraudState() {
    this(new RecentTimes(), new RecentAddresses(), new Amount());
  }

  FraudState(RecentTimes times, RecentAddresses addresses, Amount total) {
    this.times = times;
    this.addresses = addresses;
    this.total = total;
    this.alerts = new long[Rule.COUNT];
    Arrays.fill(alerts, NONE);
  }

  FraudState copy() {
    FraudState copy =
        new FraudState(times.copy(), addresses.copy(), Amount.ofWords(total.high(), total.low()));
    copy.purchases = purchases;
    copy.lastEventId = lastEventId; // Never written to.
    copy.lastTimestamp = lastTimestamp;
    copy.lastMicros = lastMicros;
    System.arraycopy(alerts, 0, copy.alerts, 0, alerts.length);
    return copy;
  }

  /** Roughly how much memory it takes, in bytes. */
  long footprint() {
    return OWN_BYTES + lastEventId.length + times.footprint() + addresses.footprint();
  }

  /** Makes the purchase that was looked at one of the earlier ones. */
  void add(Event purchase) {
    long micros = purchase.amountMicros();
    purchases++;
    total.add(micros);
    lastEventId = purchase.bytes(Event.EVENT_ID);
    lastTimestamp = purchase.timestamp();
    lastMicros = micros;
  }

  /** Whether the last alert of a rule, if there was one, is at least a pause ago. */
  boolean mayAlert(Rule rule, long time, long pause) {
    long last = alerts[rule.ordinal()];
    return last == NONE || time - last >= pause;
  }

  boolean hasAlerted(Rule rule) {
    return alerts[rule.ordinal()] != NONE;
  }

  /** When a rule that has alerted did so last. */
  long lastAlert(Rule rule) {
    return alerts[rule.ordinal()];
  }

  void alerted(Rule rule, long time) {
    alerts[rule.ordinal()] = time;
  }
}
