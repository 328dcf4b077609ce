package io.flinkblocks.quality;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkblocks.cdc.Cause;
import io.flinkblocks.cdc.Change;
import io.flinkblocks.cdc.Mark;
import io.flinkblocks.cdc.Op;
import io.flinkblocks.cdc.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A database that makes changes: it knows its rows, and counts time and positions in its log. Rows
 * have what the test gives them and an id.
 */
final class TestingShop {
  private final Map<String, Row> rows = new TreeMap<>();
  private long time = 1_000_000;
  private long lsn = 1_000;

  /** Lets so much time pass before the next change. */
  TestingShop pass(long millis) {
    time += millis;
    return this;
  }

  /** When the last change was, in ms since the epoch. */
  long time() {
    return time;
  }

  /** Where the last change was in the log. */
  long lsn() {
    return lsn;
  }

  /** Whether there is such a row. */
  boolean has(String table, int id) {
    return rows.containsKey(table + id);
  }

  /**
   * Writes a row, new or not.
   *
   * @param fields as JSON without the braces
   */
  Change write(String table, int id, String fields) {
    Row after = row(id, fields);
    Row before = rows.put(table + id, after);
    return change(table, before == null ? Op.CREATE : Op.UPDATE, Cause.STREAM, id, before, after);
  }

  /** Deletes a row. */
  Change delete(String table, int id) {
    return change(table, Op.DELETE, Cause.STREAM, id, rows.remove(table + id), null);
  }

  /** Deletes all rows of a table: what is known of the rows makes this of it. */
  List<Change> truncate(String table, int ids) {
    List<Change> changes = new ArrayList<>();
    lsn++;
    for (int id = 0; id < ids; id++) {
      if (has(table, id)) {
        Row before = rows.remove(table + id);
        changes.add(of(table, Op.DELETE, Cause.TRUNCATION, id, before, null, lsn));
      }
    }
    return changes;
  }

  /** A snapshot reads a row that was not known. */
  Change read(String table, int id, String fields) {
    Row row = row(id, fields);
    return change(table, Op.READ, Cause.SNAPSHOT, id, rows.put(table + id, row), row);
  }

  /** What stands in front of a change when the log knows its row otherwise than it was told. */
  Change correct(String table, int id, String fields) {
    Row after = fields == null ? null : row(id, fields);
    Row before = rows.get(table + id);
    Op op = before == null ? Op.CREATE : after == null ? Op.DELETE : Op.UPDATE;
    if (after == null) {
      rows.remove(table + id);
    } else {
      rows.put(table + id, after);
    }
    // At the position of the change that follows.
    return of(table, op, Cause.SNAPSHOT, id, before, after, lsn + 1);
  }

  private Change change(String table, Op op, Cause cause, int id, Row before, Row after) {
    return of(table, op, cause, id, before, after, ++lsn);
  }

  private Change of(String table, Op op, Cause cause, int id, Row before, Row after, long at) {
    byte[] key = "{\"id\":%d}".formatted(id).getBytes(UTF_8);
    return new Change(table, op, cause, Mark.NONE, key, before, after, at, 7, time);
  }

  /** A row. */
  static Row row(int id, String fields) {
    return Row.of("{\"id\":%d,%s}".formatted(id, fields).getBytes(UTF_8));
  }
}
