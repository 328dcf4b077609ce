package io.flinkblocks.quality;

import io.flinkblocks.event.CompactType;
import java.util.Arrays;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * What a change means to one subject of a rule with memory. Immutable: the arrays are shared and
 * never written to.
 *
 * @param rule the rule's name
 * @param subject what the rule compares rows by: a value of a field, or a table
 * @param kind what happens
 * @param row the key of the row that changed, as JSON
 * @param time of the change, in ms since the epoch
 * @param lsn of the change
 * @param origin where the change comes from
 * @param value the checked field's JSON, or the target's price; of a table its columns
 * @param quantity the quantity's JSON; null unless the rule has one
 */
record Part(
    String rule,
    String subject,
    Kind kind,
    String row,
    long time,
    long lsn,
    Origin origin,
    byte[] value,
    byte[] quantity) {
  /** How Flink moves and keeps parts. */
  static final TypeInformation<Part> TYPE = new CompactType<>(Part.class, PartSerializer.INSTANCE);

  private static final char BETWEEN = '\0';

  /**
   * What happens to a row, or to the row of the other table that it refers to. Their places are in
   * what is stored.
   */
  enum Kind {
    ENTER,
    LEAVE,
    TARGET_ENTER,
    TARGET_LEAVE;

    boolean isEntry() {
      return this == ENTER || this == TARGET_ENTER;
    }

    private boolean isOfTarget() {
      return this == TARGET_ENTER || this == TARGET_LEAVE;
    }
  }

  /** What told the change. Their places are in what is stored. */
  enum Origin {
    LOG,
    /** A snapshot, which has no order. */
    SNAPSHOT,
    /** None: it puts right what was known of a row, for the change that follows. */
    CORRECTION
  }

  /** What parts are keyed by: rules do not know of each other, nor subjects. */
  String key() {
    return rule + BETWEEN + subject;
  }

  /** The rule in a key. */
  static String ruleOf(String key) {
    return key.substring(0, key.indexOf(BETWEEN));
  }

  /** The subject in a key. */
  static String subjectOf(String key) {
    return key.substring(key.indexOf(BETWEEN) + 1);
  }

  /** Its row, of whichever table: a row and its target may have the same key. */
  String heldAs() {
    return (kind.isOfTarget() ? "target" : "row") + row;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Part that
        && rule.equals(that.rule)
        && subject.equals(that.subject)
        && kind == that.kind
        && row.equals(that.row)
        && time == that.time
        && lsn == that.lsn
        && origin == that.origin
        && Arrays.equals(value, that.value)
        && Arrays.equals(quantity, that.quantity);
  }

  @Override
  public int hashCode() {
    return Objects.hash(rule, subject, kind, row, time, lsn);
  }
}
