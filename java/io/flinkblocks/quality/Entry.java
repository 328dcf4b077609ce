package io.flinkblocks.quality;

/**
 * What is remembered of a row that has a subject. Immutable: the arrays are shared and never
 * written to.
 *
 * @param raised whether an alert is open
 * @param due when the row is to be looked at again, in ms since the epoch; {@link #NEVER} for never
 * @param time of the change since which something is wrong with the row, or might be
 * @param lsn of the same change
 * @param value the checked field's JSON; of a column its kind
 * @param quantity the quantity's JSON; null unless the rule has one
 */
record Entry(boolean raised, long due, long time, long lsn, byte[] value, byte[] quantity) {
  /** Later than any time. */
  static final long NEVER = Long.MAX_VALUE;

  /** Of a row that enters and is to be looked at again. */
  static Entry waiting(Part part, long due) {
    return new Entry(false, due, part.time(), part.lsn(), part.value(), part.quantity());
  }

  /** Of a row that enters, and nothing is to be done about it. */
  static Entry quiet(Part part) {
    return waiting(part, NEVER);
  }

  /** Whether a look at the row is due at a time. */
  boolean isDue(long now) {
    return due == now && !raised;
  }

  /** The same with another state, since another change. */
  Entry since(Part part, long newDue) {
    return new Entry(false, newDue, part.time(), part.lsn(), value, quantity);
  }

  /** The same with an open alert. */
  Entry open() {
    return new Entry(true, NEVER, time, lsn, value, quantity);
  }
}
