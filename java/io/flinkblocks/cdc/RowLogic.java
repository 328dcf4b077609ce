package io.flinkblocks.cdc;

import java.util.List;
import java.util.Objects;

/** What a change means for its row, given what is known of it: functions without state. */
final class RowLogic {
  /**
   * Whether the change came before. Lsns are compared with those of the same row's changes out of
   * the log alone, which are in order, as a row is locked until its transaction ends: a change that
   * a snapshot just missed may have a smaller lsn than the snapshot.
   *
   * @param truncated the lsn of the table's last truncate, which waits for all transactions with
   *     changes of the table: smaller ones are done with; 0 when there was none
   */
  static boolean isDuplicate(Change change, RowState known, long truncated) {
    long lsn = change.lsn();
    if (lsn == 0) {
      return false;
    }
    return change.cause() == Cause.STREAM
        ? lsn <= known.streamed() || lsn <= truncated
        : lsn == known.read() && change.after().equals(known.image());
  }

  /** What is known of the row after the change. */
  static RowState next(Change change, RowState known) {
    long lsn = change.lsn();
    if (change.cause() == Cause.SNAPSHOT) {
      // A snapshot is ahead of all that its log told before. If not, it is of another database, a
      // copy on another server, whose lsns start anew.
      long streamed = known.streamed() <= lsn ? known.streamed() : 0;
      return new RowState(change.after().bare(), streamed, lsn, 0);
    }
    long streamed = Math.max(lsn, known.streamed());
    return change.op() == Op.DELETE
        ? RowState.gone(streamed, change.time())
        : new RowState(change.after().bare(), streamed, known.read(), 0);
  }

  /**
   * What is told of the change, in order: the change, whose row before is what was told of the row
   * last. When the log knows the row otherwise, a correction of cause SNAPSHOT stands in front.
   *
   * @param known the row as it was told last; null when there was none
   */
  static List<Change> tell(Change change, Row known) {
    Row before = before(change, known);
    Change told =
        before == change.before()
            ? change
            : of(change, change.op(), change.cause(), change.key(), before, change.after());
    if (Objects.equals(known, before)) {
      return List.of(told);
    }
    Op op = known == null ? Op.CREATE : before == null ? Op.DELETE : Op.UPDATE;
    return List.of(of(change, op, Cause.SNAPSHOT, change.key(), known, before), told);
  }

  /**
   * How the row was: by the log, where it tells all of it, else by what is known. A log without
   * full replica identity tells the key's columns alone and fills in the others; an update then has
   * no row before, but a delete has.
   */
  private static Row before(Change change, Row known) {
    Row logged = change.before();
    return switch (change.op()) {
      case CREATE -> null;
      case DELETE -> known == null ? logged : known;
      case UPDATE ->
          logged == null || logged.equals(known) || logged.columns() != change.after().columns()
              ? known
              : logged;
      default -> known;
    };
  }

  /** What the last row of a table in a snapshot means for all of the table's rows. */
  static Change endOfSnapshot(Change last) {
    return of(last, Op.READ, Cause.SNAPSHOT, null, null, null);
  }

  /** Whether that row is gone, or knows of another database, when such a snapshot ends. */
  static boolean isLeftBehind(RowState known, Change endOfSnapshot) {
    long lsn = endOfSnapshot.lsn();
    return known.image() == null ? known.streamed() > lsn : known.read() != lsn;
  }

  /** That a row is gone for a reason that concerns the whole table. */
  static Change gone(Change reason, Cause cause, RowKey key, Row image) {
    return of(reason, Op.DELETE, cause, key.json(), image, null);
  }

  private static Change of(Change from, Op op, Cause cause, byte[] key, Row before, Row after) {
    Mark mark = cause == Cause.SNAPSHOT && op == Op.READ ? from.mark() : Mark.NONE;
    return new Change(
        from.table(), op, cause, mark, key, before, after, from.lsn(), from.txId(), from.time());
  }

  private RowLogic() {}
}
