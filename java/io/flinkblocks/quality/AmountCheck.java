package io.flinkblocks.quality;

import java.math.BigDecimal;
import java.util.function.Consumer;

/**
 * An amount is quantity x price. The subject is the product; its head has the price.
 *
 * <p>A row that is new, or whose amount, quantity or product was changed, is judged once, by the
 * price of that moment in event time. One that comes before its product waits for it until the
 * grace is over, and is judged by the first price there is; then nothing is said about it.
 */
final class AmountCheck implements KeyedCheck {
  private final String field;
  private final BigDecimal tolerance;
  private final long grace;

  AmountCheck(Rule rule, long grace) {
    this.field = rule.field();
    this.tolerance = new BigDecimal(rule.parameter("tolerance"));
    this.grace = grace;
  }

  @Override
  public void take(Part part, Memory memory, Consumer<Alert> out) throws Exception {
    switch (part.kind()) {
      case ENTER -> enter(part, memory, out);
      case LEAVE -> memory.remove(part.row());
      case TARGET_ENTER -> targetEnters(part, memory, out);
      case TARGET_LEAVE -> memory.setHead(null);
    }
  }

  private void enter(Part part, Memory memory, Consumer<Alert> out) throws Exception {
    if (memory.head() != null) {
      judge(part.row(), Entry.quiet(part), memory.head().value(), out);
      return;
    }
    long due = KeyedCheck.after(part.time(), grace);
    memory.put(part.row(), Entry.waiting(part, due));
    memory.lookAt(part.row(), due);
  }

  private void targetEnters(Part part, Memory memory, Consumer<Alert> out) throws Exception {
    boolean isNew = memory.head() == null;
    memory.setHead(Head.of(part));
    if (!isNew) {
      return;
    }
    for (String row : memory.rows()) {
      judge(row, memory.row(row), part.value(), out);
      memory.remove(row);
    }
  }

  @Override
  public void look(String row, long now, Memory memory, Consumer<Alert> out) throws Exception {
    Entry entry = memory.row(row);
    if (entry != null && entry.isDue(now)) {
      memory.remove(row);
    }
  }

  /** Says so when an amount is wrong. What is no number cannot be told. */
  private void judge(String row, Entry entry, byte[] priceJson, Consumer<Alert> out) {
    BigDecimal amount = Numbers.of(entry.value());
    BigDecimal quantity = Numbers.of(entry.quantity());
    BigDecimal price = Numbers.of(priceJson);
    if (amount == null || quantity == null || price == null) {
      return;
    }
    BigDecimal right = quantity.multiply(price);
    if (amount.subtract(right).abs().compareTo(tolerance) > 0) {
      String detail =
          "%s x %s is %s"
              .formatted(quantity.toPlainString(), price.toPlainString(), right.toPlainString());
      out.accept(new Alert(row, field, entry.value(), detail, false, entry.time(), entry.lsn()));
    }
  }
}
