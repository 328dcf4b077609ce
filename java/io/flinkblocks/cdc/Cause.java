package io.flinkblocks.cdc;

/** Why a change is told. */
public enum Cause {
  /** It came out of the database's log. */
  STREAM,
  /**
   * A snapshot read the row, or a new snapshot no longer has it; or, in front of a change, the log
   * knows the row otherwise than it was told before.
   */
  SNAPSHOT,
  /** A truncate took the row. */
  TRUNCATION
}
