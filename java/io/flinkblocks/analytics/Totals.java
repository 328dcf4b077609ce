package io.flinkblocks.analytics;

import io.flinkblocks.output.Amount;
import java.util.Objects;

/**
 * What is known of one owner: its own row, if there is one, and what its orders come to. Mutable.
 *
 * <p>Orders may come before the row and outlast it.
 */
final class Totals {
  boolean isPresent;

  /** Tier or category; null without a row, maybe with one, too. */
  String label;

  /** Of a product's row. */
  long stock;

  /** Orders of a customer, units of a product. */
  long count;

  /** The amounts of the orders. */
  final Amount total;

  /** When the latest order was made, in microseconds since the epoch, or {@link Delta#NEVER}. */
  long latest = Delta.NEVER;

  Totals() {
    this(new Amount());
  }

  Totals(Amount total) {
    this.total = total;
  }

  /** Takes over the owner's row; says whether it is another one than before. */
  boolean row(Delta delta) {
    boolean changes = !isPresent || stock != delta.stock() || !Objects.equals(label, delta.label());
    isPresent = true;
    label = delta.label();
    stock = delta.stock();
    return changes;
  }

  /** Forgets the owner's row; says whether there was one. */
  boolean noRow() {
    boolean changes = isPresent;
    isPresent = false;
    label = null;
    stock = 0;
    return changes;
  }

  /** Adds and subtracts orders, but for their times. */
  void orders(Delta delta) {
    count += delta.count();
    total.add(delta.micros());
  }

  /** Whether there is nothing that an owner without any state would not have. */
  boolean isNothing() {
    return !isPresent
        && count == 0
        && total.high() == 0
        && total.low() == 0
        && latest == Delta.NEVER;
  }

  /** The owner's row in the view, or that there is none. */
  Upsert upsert(long owner) {
    return isPresent
        ? new Upsert(owner, false, label, stock, count, total.high(), total.low(), latest)
        : Upsert.delete(owner);
  }
}
