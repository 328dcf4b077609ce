package io.flinkblocks.quality;

import io.flinkblocks.cdc.Cause;
import io.flinkblocks.cdc.Change;
import io.flinkblocks.cdc.Op;
import io.flinkblocks.cdc.Row;
import io.flinkblocks.quality.Part.Kind;
import io.flinkblocks.quality.Part.Origin;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** What changes mean to rules with memory: which row enters and leaves which subject. */
final class Parts {
  private final List<Rule> rules;
  private final Map<String, List<Rule>> rulesByTable = new HashMap<>();
  private final Map<String, Shapes> shapes = new HashMap<>();

  /** Of rules with memory. */
  Parts(List<Rule> rules) {
    this.rules = rules;
  }

  /** Hands over the parts of a change. Those of one row and subject come in their order. */
  void split(Change change, Consumer<Part> out) {
    for (Rule rule : rulesByTable.computeIfAbsent(change.table(), this::rulesOf)) {
      switch (rule.check()) {
        case UNIQUE -> unique(rule, change, out);
        case REFERENCE -> reference(rule, change, out);
        case AMOUNT -> amount(rule, change, out);
        case SCHEMA -> schema(rule, change, out);
        default -> throw new IllegalStateException(rule.check() + " has no memory");
      }
    }
  }

  private List<Rule> rulesOf(String table) {
    return rules.stream().filter(r -> r.covers(table) || table.equals(r.target())).toList();
  }

  private static void unique(Rule rule, Change change, Consumer<Part> out) {
    String from = lowerCase(text(change.before(), rule.field()));
    String to = lowerCase(text(change.after(), rule.field()));
    move(rule, change, from, to, out);
  }

  private static void reference(Rule rule, Change change, Consumer<Part> out) {
    if (rule.covers(change.table())) {
      String from = text(change.before(), rule.field());
      String to = text(change.after(), rule.field());
      move(rule, change, from, to, out);
    }
    if (change.table().equals(rule.target())) {
      target(rule, change, null, out);
    }
  }

  /** A row leaves one subject and enters another one; null for none. */
  private static void move(Rule rule, Change change, String from, String to, Consumer<Part> out) {
    if (from != null && !from.equals(to)) {
      out.accept(part(rule, from, Kind.LEAVE, change, null, null));
    }
    if (to != null && !to.equals(from)) {
      out.accept(part(rule, to, Kind.ENTER, change, change.after().value(rule.field()), null));
    }
  }

  private static void amount(Rule rule, Change change, Consumer<Part> out) {
    if (rule.covers(change.table())) {
      factors(rule, change, out);
    }
    if (change.table().equals(rule.target())) {
      target(rule, change, rule.parameter("price"), out);
    }
  }

  /** A row with an amount. */
  private static void factors(Rule rule, Change change, Consumer<Part> out) {
    String reference = rule.parameter("reference");
    String from = text(change.before(), reference);
    String to = text(change.after(), reference);
    if (from != null && !from.equals(to)) {
      out.accept(part(rule, from, Kind.LEAVE, change, null, null));
    }
    if (to != null && isNews(rule, change)) {
      Row row = change.after();
      out.accept(
          part(
              rule,
              to,
              Kind.ENTER,
              change,
              row.value(rule.field()),
              row.value(rule.parameter("quantity"))));
    }
  }

  /** Whether an amount has to be judged: what a snapshot reads had a price that nobody knows. */
  private static boolean isNews(Rule rule, Change change) {
    return change.cause() == Cause.STREAM
        && (isChanged(change, rule.field())
            || isChanged(change, rule.parameter("quantity"))
            || isChanged(change, rule.parameter("reference")));
  }

  /** A row that others refer to, with a value that they need; null for none. */
  private static void target(Rule rule, Change change, String needed, Consumer<Part> out) {
    String field = rule.parameter("to-field");
    String from = text(change.before(), field);
    String to = text(change.after(), field);
    if (from != null && !from.equals(to)) {
      out.accept(part(rule, from, Kind.TARGET_LEAVE, change, null, null));
    }
    if (to != null && (!to.equals(from) || needed != null && isChanged(change, needed))) {
      byte[] value = needed == null ? null : change.after().value(needed);
      out.accept(part(rule, to, Kind.TARGET_ENTER, change, value, null));
    }
  }

  private void schema(Rule rule, Change change, Consumer<Part> out) {
    if (change.after() == null) {
      return;
    }
    byte[] shape =
        shapes
            .computeIfAbsent(rule.name(), name -> new Shapes())
            .toTell(change.table(), change.after(), change.time());
    if (shape != null) {
      out.accept(part(rule, change.table(), Kind.ENTER, change, shape, null));
    }
  }

  private static Part part(
      Rule rule, String subject, Kind kind, Change change, byte[] value, byte[] quantity) {
    return new Part(
        rule.name(),
        subject,
        kind,
        new String(change.key(), StandardCharsets.UTF_8),
        change.time(),
        change.lsn(),
        origin(change),
        value,
        quantity);
  }

  private static Origin origin(Change change) {
    if (change.op() == Op.READ) {
      return Origin.SNAPSHOT;
    }
    return change.cause() == Cause.SNAPSHOT ? Origin.CORRECTION : Origin.LOG;
  }

  /** Whether a field has another value than before, as far as it is known. */
  private static boolean isChanged(Change change, String field) {
    return change.before() == null
        || !Arrays.equals(change.before().value(field), change.after().value(field));
  }

  private static String text(Row row, String field) {
    return row == null ? null : row.text(field);
  }

  private static String lowerCase(String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }
}
