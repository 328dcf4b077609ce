package io.flinkblocks.session;

import io.flinkblocks.output.Amount;
import io.flinkblocks.window.ByteStringSet;
import io.flinkblocks.window.Session;

/**
 * One session of a user, as far as it is needed. The counts are fields of its own: of ten thousands
 * of users in memory each object more is one more that is not in the processor's cache.
 */
final class UserSession extends Session {
  final Amount revenue;
  long views;
  long additions;
  long removals;
  long purchases;
  long wishes;

  /** Actions without a meaning, the first few; null when there are none. */
  OtherActions others;

  /** Whether there are more of them in the overflow. */
  boolean hasMoreActions;

  /** The products, or the first of very many. */
  final ByteStringSet products;

  /** How many more are in the overflow. */
  long moreProducts;

  UserSession() {
    this(new Amount(), new ByteStringSet());
  }

  UserSession(Amount revenue, ByteStringSet products) {
    this.revenue = revenue;
    this.products = products;
  }

  /** An independent copy. */
  UserSession copy() {
    UserSession copy =
        new UserSession(Amount.ofWords(revenue.high(), revenue.low()), products.copy());
    copy.copyFrom(this);
    copy.addKnown(this);
    copy.others = others == null ? null : others.copy();
    copy.hasMoreActions = hasMoreActions;
    copy.moreProducts = moreProducts;
    return copy;
  }

  /** Adds the counts of the actions with a meaning. */
  void addKnown(UserSession from) {
    views += from.views;
    additions += from.additions;
    removals += from.removals;
    purchases += from.purchases;
    wishes += from.wishes;
  }
}
