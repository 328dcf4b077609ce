package io.flinkblocks.analytics;

import io.flinkblocks.cdc.Change;
import io.flinkblocks.cdc.Op;
import io.flinkblocks.cdc.Row;
import java.io.Serializable;
import java.util.function.Consumer;

/**
 * Splits changes of the shop's tables into what they mean for the rows of a view.
 *
 * <p>It keeps nothing: what an order was worth before is in the change. So each change has to tell
 * the row as the change before left it, and none may be told twice. Most changes mean nothing for a
 * view (an order that is paid, a user with another e-mail), and those end here.
 */
final class Deltas implements Serializable {
  private static final long serialVersionUID = 1;

  private static final String CANCELLED = "cancelled";

  private final View view;

  Deltas(View view) {
    this.view = view;
  }

  /** Tells of each owner that the change concerns, at most two. */
  void split(Change change, Consumer<Delta> out) {
    if (change.table().equals(View.ORDERS)) {
      splitOrder(change.before(), change.after(), out);
    } else if (change.table().equals(view.owners)) {
      splitOwner(change, out);
    }
  }

  private void splitOwner(Change change, Consumer<Delta> out) {
    Row before = change.before();
    Row after = change.after();
    if (after != null) {
      Delta row = row(after);
      if (change.op() != Op.UPDATE || before == null || !row.equals(row(before))) {
        out.accept(row);
      }
    } else if (before != null) {
      out.accept(Delta.noRow(before.integer("id")));
    }
  }

  private Delta row(Row owner) {
    long stock = view == View.PRODUCTS ? owner.integer("stock") : 0;
    return Delta.row(owner.integer("id"), owner.text(view.label), stock);
  }

  private void splitOrder(Row before, Row after, Consumer<Delta> out) {
    boolean isLeft = counts(before);
    boolean isEntered = counts(after);
    if (isLeft && isEntered) {
      long owner = after.integer(view.ownerOfOrder);
      if (owner == before.integer(view.ownerOfOrder)) {
        splitChanged(owner, before, after, out);
        return;
      }
    }
    if (isLeft) {
      out.accept(
          Delta.orders(
              before.integer(view.ownerOfOrder),
              -count(before),
              -before.micros("amount"),
              Delta.NEVER,
              time(before)));
    }
    if (isEntered) {
      out.accept(
          Delta.orders(
              after.integer(view.ownerOfOrder),
              count(after),
              after.micros("amount"),
              time(after),
              Delta.NEVER));
    }
  }

  private void splitChanged(long owner, Row before, Row after, Consumer<Delta> out) {
    long count = count(after) - count(before);
    long micros = after.micros("amount") - before.micros("amount");
    long left = time(before);
    long entered = time(after);
    if (left != entered) {
      out.accept(Delta.orders(owner, count, micros, entered, left));
    } else if (count != 0 || micros != 0) {
      out.accept(Delta.orders(owner, count, micros, Delta.NEVER, Delta.NEVER));
    }
  }

  /** Whether it is an order that counts for anybody. */
  private boolean counts(Row order) {
    return order != null
        && !order.isNull(view.ownerOfOrder)
        && !CANCELLED.equals(order.text("status"));
  }

  private long count(Row order) {
    return view == View.CUSTOMERS ? 1 : order.integer("quantity");
  }

  private long time(Row order) {
    return view == View.CUSTOMERS ? order.timestamp("created_at") : Delta.NEVER;
  }
}
