package io.flinkblocks.quality;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkblocks.cdc.Change;
import io.flinkblocks.cdc.Row;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What rules have to say of a history, looked up in pictures of the whole database after each
 * change. Rows are stretches of these pictures.
 */
final class TestingModel {
  private final List<Change> history;
  private final List<Map<String, Row>> pictures = new ArrayList<>();
  private final List<String> alerts = new ArrayList<>();

  /** Alerts as those of {@link TestingQuality}, sorted. */
  static List<String> alerts(List<Change> history) {
    TestingModel model = new TestingModel(history);
    for (int i = 0; i < history.size(); i++) {
      Change change = history.get(i);
      if (change.table().equals("orders")) {
        model.reference("unknown_user", i, "user_id", "users");
        model.reference("unknown_product", i, "product_id", "products");
        model.amount(i);
      } else if (change.table().equals("users")) {
        model.unique(i);
      }
    }
    return model.alerts.stream().sorted().toList();
  }

  private TestingModel(List<Change> history) {
    this.history = history;
    Map<String, Row> picture = new TreeMap<>();
    for (Change change : history) {
      if (change.after() == null) {
        picture.remove(name(change));
      } else {
        picture.put(name(change), change.after());
      }
      pictures.add(new TreeMap<>(picture));
    }
  }

  /** The stretch in which a row has the value that it got with a change. */
  private int end(int start, String field) {
    Change change = history.get(start);
    String value = text(start, name(change), field);
    int end = start;
    while (end < history.size() && value.equals(text(end, name(change), field))) {
      end++;
    }
    return end;
  }

  private boolean isStart(int at, String field) {
    String name = name(history.get(at));
    String value = text(at, name, field);
    return value != null && (at == 0 || !value.equals(text(at - 1, name, field)));
  }

  private void reference(String rule, int start, String field, String target) {
    if (!isStart(start, field)) {
      return;
    }
    String value = text(start, name(history.get(start)), field);
    int end = end(start, field);
    for (int at = start; at < end; ) {
      int next = at;
      while (next < end && !pictures.get(next).containsKey(target + value)) {
        next++;
      }
      // Without its target from the change at to that at next.
      if (next > at && time(next) - time(at) > TestingChecks.GRACE) {
        say(rule, start, value, "is not in " + target, at);
        boolean isGone = next == end;
        if (next < history.size()) {
          String why = isGone ? "is gone or has another value" : "is in " + target + " now";
          say(rule, start, value, why + ", cleared", next);
        }
      }
      at = next;
      while (at < end && pictures.get(at).containsKey(target + value)) {
        at++;
      }
    }
  }

  private void unique(int start) {
    if (!isStart(start, "email")) {
      return;
    }
    String name = name(history.get(start));
    String email = text(start, name, "email");
    if (start > 0 && email.equalsIgnoreCase(text(start - 1, name, "email"))) {
      return; // The same value as before.
    }
    long rows = rows(start, email);
    if (rows == 1) {
      return;
    }
    String value = '"' + email + '"';
    say("duplicate_email", start, value, "is in " + rows + " rows", start);
    for (int at = start; at < history.size(); at++) {
      if (!email.equalsIgnoreCase(text(at, name, "email"))) {
        say("duplicate_email", start, value, "is gone or has another value, cleared", at);
        return;
      }
      if (rows(at, email) == 1) {
        say("duplicate_email", start, value, "is in no other row now, cleared", at);
        return;
      }
    }
  }

  private long rows(int at, String email) {
    String sought = email.toLowerCase(Locale.ROOT);
    return pictures.get(at).entrySet().stream()
        .filter(row -> row.getKey().startsWith("users"))
        .filter(row -> sought.equals(row.getValue().text("email").toLowerCase(Locale.ROOT)))
        .count();
  }

  private void amount(int start) {
    String order = name(history.get(start));
    String factors = factors(start, order);
    if (factors == null || start > 0 && factors.equals(factors(start - 1, order))) {
      return;
    }
    String product = "products" + text(start, order, "product_id");
    for (int at = start; at < history.size(); at++) {
      if (!factors.equals(factors(at, order)) || time(at) - time(start) > TestingChecks.GRACE) {
        return;
      }
      String price = text(at, product, "price");
      if (price != null) {
        BigDecimal right =
            new BigDecimal(price).multiply(new BigDecimal(text(start, order, "quantity")));
        String amount = text(start, order, "amount");
        if (right.subtract(new BigDecimal(amount)).abs().doubleValue() > 0.0101) {
          String detail = "%s x %s is %s".formatted(text(start, order, "quantity"), price, right);
          say("amount_mismatch", start, amount, detail, start);
        }
        return;
      }
    }
  }

  private String factors(int at, String order) {
    return pictures.get(at).containsKey(order)
        ? text(at, order, "product_id")
            + " "
            + text(at, order, "quantity")
            + " "
            + text(at, order, "amount")
        : null;
  }

  private String text(int at, String row, String field) {
    Row picture = pictures.get(at).get(row);
    return picture == null ? null : picture.text(field);
  }

  /** Of a change; after the last one everything is over. */
  private long time(int at) {
    return at == history.size() ? Long.MAX_VALUE : history.get(at).time();
  }

  private void say(String rule, int of, String value, String detail, int at) {
    String id = history.get(of).after().text("id");
    alerts.add("%s: %s %s %s @%d".formatted(rule, id, value, detail, time(at)));
  }

  private static String name(Change change) {
    return change.table() + new String(change.key(), UTF_8).replaceAll("[^0-9]", "");
  }
}
