package io.flinkblocks.cdc;

/**
 * A record that is in order and tells of no change.
 *
 * @param why {@link #TOMBSTONE}, {@link #TRANSACTION} or {@link #MESSAGE}
 */
public record Skipped(String why) implements ChangeRecord {
  /** A key without value, which follows a delete so that compaction forgets the row. */
  public static final String TOMBSTONE = "tombstone";

  /** The begin or end of a transaction. */
  public static final String TRANSACTION = "transaction";

  /** What {@code pg_logical_emit_message} wrote. */
  public static final String MESSAGE = "message";
}
