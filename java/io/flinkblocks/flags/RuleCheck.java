package io.flinkblocks.flags;

import io.flinkblocks.config.UserError;
import io.flinkblocks.flags.FlagTable.Flag;
import io.flinkblocks.flags.FlagTable.Rule;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Holds the values of a run against the rules between flags, exactly as the Python programs do. */
final class RuleCheck {
  // So often one flag may go into another: as many windows are open at a time.
  private static final BigDecimal MOST_PARTS = BigDecimal.valueOf(10_000);
  // These look at a flag only when it has another value than its default.
  private static final Set<String> ABOUT_CHANGES = Set.of("needs", "takes-only");

  private final FlagTable table;
  private final Map<String, String> values;

  /**
   * Checks nothing yet.
   *
   * @param values by flag, null for those that are not set
   */
  RuleCheck(FlagTable table, Map<String, String> values) {
    this.table = table;
    this.values = values;
  }

  /**
   * Passes when a rule holds, or does not count.
   *
   * @throws UserError if it is broken
   */
  void check(Rule rule) {
    String a = values.get(rule.first());
    String b = values.get(rule.second());
    if (a == null || b == null || !counts(rule)) {
      return;
    }
    switch (rule.relation()) {
      case "differs" -> hold(!a.equals(b), rule, "is the same as", "give two different ones");
      case "at-most" -> hold(compare(a, b) <= 0, rule, "is more than", "give at most as much");
      case "less-than" -> hold(compare(a, b) < 0, rule, "is not less than", "give less");
      case "divides" ->
          hold(
              divides(new BigDecimal(a), new BigDecimal(b)),
              rule,
              "does not divide",
              "give one that goes into it a whole number of times, at most 10,000");
      case "not-too-often" ->
          hold(
              new BigDecimal(b).compareTo(new BigDecimal(a).multiply(MOST_PARTS)) <= 0
                  || new BigDecimal(a).signum() == 0,
              rule,
              "goes too often into",
              "give at least a 10,000th of it");
      case "excludes" -> hold(false, rule, "does not go with", "give one of the two");
      case "needs" ->
          hold(
              !Collections.disjoint(several(b), rule.among()),
              rule,
              "needs " + oneOf(rule.among()) + " in",
              cure(rule, "with " + oneOf(rule.among())));
      case "takes-only" ->
          hold(
              rule.among().containsAll(several(b)),
              rule,
              "takes only " + oneOf(rule.among()) + " of",
              cure(rule, String.join(",", rule.among())));
      default -> throw new IllegalStateException("unknown relation " + rule.relation());
    }
  }

  private boolean counts(Rule rule) {
    Flag first = table.find(rule.first());
    if (ABOUT_CHANGES.contains(rule.relation())
        && values.get(first.name()).equals(FlagValue.readDefault(first, first.defaultText()))) {
      return false;
    }
    List<String> when = rule.when();
    return when.isEmpty()
        || !Collections.disjoint(several(values.get(when.get(0))), when.subList(1, when.size()));
  }

  /** The values of a flag that can have several; none of one that is not set. */
  private static List<String> several(String value) {
    return value == null ? List.of() : List.of(value.split(","));
  }

  private static int compare(String a, String b) {
    return new BigDecimal(a).compareTo(new BigDecimal(b));
  }

  private static boolean divides(BigDecimal part, BigDecimal whole) {
    BigDecimal[] times = whole.divideAndRemainder(part);
    return times[1].signum() == 0 && times[0].compareTo(MOST_PARTS) <= 0;
  }

  private static String cure(Rule rule, String value) {
    return "give --" + rule.second() + " " + value + ", or leave out --" + rule.first();
  }

  private void hold(boolean holds, Rule rule, String broken, String cure) {
    if (!holds) {
      throw new UserError(named(rule.first()) + " " + broken + " " + named(rule.second()), cure);
    }
  }

  private String named(String name) {
    String shown = FlagValue.show(table.find(name), values.get(name));
    return "--" + name + " " + FlagValue.quoted(shown);
  }

  /** As in {@code a}, {@code a or b}, {@code a, b or c}. */
  private static String oneOf(List<String> options) {
    int last = options.size() - 1;
    return last < 1
        ? String.join("", options)
        : String.join(", ", options.subList(0, last)) + " or " + options.get(last);
  }
}
