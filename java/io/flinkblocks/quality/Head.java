package io.flinkblocks.quality;

/**
 * What is remembered of a subject itself. Immutable: the array is shared and never written to.
 *
 * @param rows how many rows have it, where that counts
 * @param time of the change that made it so, in ms since the epoch
 * @param lsn of the same change
 * @param value the JSON of the target's price, where there is one
 */
record Head(long rows, long time, long lsn, byte[] value) {
  /** Of a target. */
  static Head of(Part part) {
    return new Head(0, part.time(), part.lsn(), part.value());
  }
}
