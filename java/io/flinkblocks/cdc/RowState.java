package io.flinkblocks.cdc;

/**
 * What is known of a row. Immutable.
 *
 * @param image the row; null when it was deleted, which is remembered for a while
 * @param streamed the lsn of its last change out of the log; 0 when there was none
 * @param read the lsn of the last snapshot that read it; {@link #NEVER} when none did
 * @param time when it was deleted, in ms since the epoch; 0 unless it was
 */
record RowState(Row image, long streamed, long read, long time) {
  static final long NEVER = -1;

  /** A row that was never heard of. */
  static final RowState NONE = new RowState(null, 0, NEVER, 0);

  /** A row that is gone, and when it went. */
  static RowState gone(long streamed, long time) {
    return new RowState(null, streamed, NEVER, time);
  }
}
