package io.flinkblocks.quality;

import io.flinkblocks.cdc.Columns;
import io.flinkblocks.cdc.Row;
import java.util.HashMap;
import java.util.Map;

/**
 * Which rows have to be told to the check of their table's columns: it is one for the whole table,
 * and nearly all rows say the same.
 *
 * <p>Told is a row that differs from the one before it, and in any case one a second of event time,
 * as another subtask may have seen differences in between.
 */
final class Shapes {
  private static final long AGAIN_MS = 1_000;

  private final Map<String, Told> tables = new HashMap<>();

  /** What was told of a table last, and what else its values' kinds are known to be. */
  private record Told(Columns columns, Map<String, String> kinds, long time) {}

  /** A row's shape as parts have it; null when there is no need to tell it. */
  byte[] toTell(String table, Row row, long time) {
    Map<String, String> kinds = Shape.of(row);
    byte[] shape = null;
    Told told = tables.get(table);
    boolean isSame = told != null && told.columns.equals(row.columns()) && says(kinds, told.kinds);
    if (!isSame || time < told.time || time - told.time >= AGAIN_MS) {
      shape = Shape.write(kinds);
      if (isSame) {
        kinds.replaceAll((column, kind) -> kind.isEmpty() ? told.kinds.get(column) : kind);
      }
      tables.put(table, new Told(row.columns(), kinds, time));
    }
    return shape;
  }

  /** Whether kinds are those that are known, or not told by a null. */
  private static boolean says(Map<String, String> kinds, Map<String, String> known) {
    for (Map.Entry<String, String> column : kinds.entrySet()) {
      String kind = column.getValue();
      if (!kind.isEmpty() && !kind.equals(known.get(column.getKey()))) {
        return false;
      }
    }
    return true;
  }
}
