package io.flinkblocks.generator;

/** An event that was thought out and waits for its place in the order of arrival. Reused. */
final class Draft {
  long user;
  long session;
  int product;
  Step step;
  int quantity;
  Device device;

  /** The last 22 bits of an address in 100.64.0.0/10, which is nobody's on the internet. */
  int address;

  /** Event time as the shop's clock has it, milliseconds. */
  long happened;

  /** The timestamp that is written: earlier than {@link #happened} by this, for a late event. */
  long behind;

  /** What is wrong with the record; null for a valid one. */
  Defect defect;

  /** Chooses among the forms of a defect. */
  long defectChoice;

  /** The fraud episode that it belongs to; null for ordinary traffic. */
  FraudEpisode episode;

  /** Whether this event sets off the episode's rule. */
  boolean setsOff;

  /** The number of the event that sets off the rule, if the episode is complete now; else -1. */
  long completes;

  long timestamp() {
    return happened - behind;
  }
}
