package io.flinkblocks.measures;

import io.flinkblocks.event.Action;
import io.flinkblocks.event.Event;
import io.flinkblocks.output.Amount;
import io.flinkblocks.window.ByteStringSet;

/**
 * What is measured of one category's events in one pane, and of any sum of panes.
 *
 * <p>Amounts are exact and users are counted exactly, so it depends neither on the order of the
 * events nor on how they were split over measures that were added up.
 */
final class Measures {
  /** Of all events, whatever their action. */
  final ByteStringSet users;

  /** Of the purchases, price x quantity. */
  final Amount revenue;

  /** The sum of the unit prices of all events. */
  final Amount prices;

  long events;
  long purchases;

  /** The lowest unit price in millionths of the currency; the largest long before any event. */
  long minMicros;

  /** The highest unit price in millionths of the currency; 0 before any event. */
  long maxMicros;

  Measures() {
    this(new ByteStringSet(), new Amount(), new Amount());
    minMicros = Long.MAX_VALUE;
  }

  /** With counts and extremes still to be set. */
  Measures(ByteStringSet users, Amount revenue, Amount prices) {
    this.users = users;
    this.revenue = revenue;
    this.prices = prices;
  }

  void add(Event event) {
    long price = event.priceMicros();
    events++;
    prices.add(price);
    minMicros = Math.min(minMicros, price);
    maxMicros = Math.max(maxMicros, price);
    users.add(event.data(), event.start(Event.USER_ID), event.length(Event.USER_ID));
    if (event.action() == Action.PURCHASE) {
      purchases++;
      revenue.add(event.amountMicros());
    }
  }

  /** Adds what others measured; they stay as they are, and share nothing with these afterwards. */
  void addAll(Measures others) {
    events += others.events;
    purchases += others.purchases;
    prices.add(others.prices);
    revenue.add(others.revenue);
    minMicros = Math.min(minMicros, others.minMicros);
    maxMicros = Math.max(maxMicros, others.maxMicros);
    users.addAll(others.users);
  }

  /** The same, sharing nothing mutable with these. */
  Measures copy() {
    Measures copy =
        new Measures(
            users.copy(),
            Amount.ofWords(revenue.high(), revenue.low()),
            Amount.ofWords(prices.high(), prices.low()));
    copy.events = events;
    copy.purchases = purchases;
    copy.minMicros = minMicros;
    copy.maxMicros = maxMicros;
    return copy;
  }

  /** Roughly how much memory this takes, in bytes. */
  long footprint() {
    return 128 + users.footprint();
  }
}
