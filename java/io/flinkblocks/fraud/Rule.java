package io.flinkblocks.fraud;

import java.util.Locale;

/** The rules, in the order in which they are asked; stored states know them by that order. */
enum Rule {
  /** Many purchases in a short time. */
  VELOCITY("medium"),
  /** A purchase far above the user's earlier ones. */
  HIGH_AMOUNT("high"),
  /** A trial of a small amount, and then a large one. */
  SMALL_THEN_LARGE("high"),
  /** Purchases from many addresses. */
  MANY_IPS("medium");

  static final int COUNT = values().length;

  /** The name in alerts. */
  final String label = name().toLowerCase(Locale.ROOT);

  final String severity;

  Rule(String severity) {
    this.severity = severity;
  }
}
