package io.flinkblocks.cdc;

import io.flinkblocks.event.CompactType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * One change of one row, or the truncation of a table. Immutable: the arrays are shared and never
 * written to.
 *
 * @param table its name; in front of it the schema's and a point, unless that is {@code public}
 * @param cause why it is told
 * @param mark {@link Mark#NONE} unless a snapshot read the row
 * @param key the row's key as a JSON object without white space; null for a truncate
 * @param before the row as it was; null when there was none, or none is told
 * @param after the row as it is; null when there is none
 * @param lsn the position in the database's log; 0 when it is not known
 * @param txId the transaction; -1 when it is not known
 * @param time of the transaction, or of the snapshot, in ms since the epoch; 0 when it is not known
 */
public record Change(
    String table,
    Op op,
    Cause cause,
    Mark mark,
    byte[] key,
    Row before,
    Row after,
    long lsn,
    long txId,
    long time)
    implements ChangeRecord {
  /** How Flink moves and keeps changes. */
  public static final TypeInformation<Change> TYPE =
      new CompactType<>(Change.class, ChangeSerializer.INSTANCE);

  @Override
  public boolean equals(Object other) {
    return other instanceof Change that
        && table.equals(that.table)
        && op == that.op
        && cause == that.cause
        && mark == that.mark
        && Arrays.equals(key, that.key)
        && Objects.equals(before, that.before)
        && Objects.equals(after, that.after)
        && lsn == that.lsn
        && txId == that.txId
        && time == that.time;
  }

  @Override
  public int hashCode() {
    return Objects.hash(table, op, Arrays.hashCode(key), lsn, time);
  }

  @Override
  public String toString() {
    String row = key == null ? "" : " " + new String(key, StandardCharsets.UTF_8);
    String values = " " + before + " -> " + after;
    return cause + " " + op + " " + table + row + values + " lsn " + lsn + " tx " + txId;
  }
}
