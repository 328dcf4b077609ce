package io.flinkblocks.quality;

import io.flinkblocks.cdc.Change;
import io.flinkblocks.cdc.Op;
import io.flinkblocks.cdc.Row;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The checks that look at nothing but the row that changes. They say what is wrong once: when the
 * row is new, a snapshot reads it, or an update changes the field.
 */
final class RowChecks {
  private RowChecks() {}

  /** What a rule has to say of a change; null for nothing. */
  static Alert check(Rule rule, Change change) {
    boolean isNews = change.op() == Op.CREATE || change.op() == Op.UPDATE || change.op() == Op.READ;
    if (!isNews || change.after().isNull(rule.field())) {
      return null;
    }
    byte[] value = change.after().value(rule.field());
    if (change.before() != null && Arrays.equals(value, change.before().value(rule.field()))) {
      return null;
    }
    String detail = detail(rule, change, value);
    if (detail == null) {
      return null;
    }
    String key = new String(change.key(), StandardCharsets.UTF_8);
    return new Alert(key, rule.field(), value, detail, false, change.time(), change.lsn());
  }

  private static String detail(Rule rule, Change change, byte[] value) {
    return switch (rule.check()) {
      case EMAIL ->
          Emails.isValid(change.after().text(rule.field())) ? null : "is no e-mail address";
      case POSITIVE -> isPositive(Numbers.of(value)) ? null : "is no number above 0";
      case NOT_BEFORE -> notBefore(rule.field(), change.before(), change.after());
      default -> throw new IllegalStateException(rule.check() + " is no check of a row by itself");
    };
  }

  private static boolean isPositive(BigDecimal number) {
    return number != null && number.signum() > 0;
  }

  private static String notBefore(String field, Row before, Row after) {
    if (before == null || before.isNull(field)) {
      return null;
    }
    Integer order = compare(Numbers.of(after.value(field)), Numbers.of(before.value(field)));
    if (order == null) {
      order = compare(timestamp(field, after), timestamp(field, before));
    }
    return order != null && order < 0 ? "was " + before.text(field) + " before" : null;
  }

  /** Null when one of them is not there. */
  private static <T extends Comparable<T>> Integer compare(T one, T other) {
    return one == null || other == null ? null : one.compareTo(other);
  }

  /** In microseconds since the epoch; null when it is no timestamp. */
  private static Long timestamp(String field, Row row) {
    try {
      return row.timestamp(field);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
