package io.flinkblocks.cdc;

import java.util.Map;

/** For the rows of one table and layout: what each column holds, and how it is encoded. */
final class RowFormat {
  private final ColumnType[] types;
  private final Encoding[] encodings;

  private RowFormat(ColumnType[] types, Encoding[] encodings) {
    this.types = types;
    this.encodings = encodings;
  }

  /**
   * The format of a table's rows.
   *
   * @param encodings by the column's name, as far as a schema tells them
   */
  static RowFormat of(String table, Columns columns, Map<String, Encoding> encodings) {
    int count = columns.size();
    RowFormat format = new RowFormat(new ColumnType[count], new Encoding[count]);
    for (int i = 0; i < count; i++) {
      format.types[i] = ColumnType.of(table, columns.name(i));
      format.encodings[i] = encodings.getOrDefault(columns.name(i), Encoding.UNKNOWN);
    }
    return format;
  }

  /** Of an object that is no row of a table. */
  static RowFormat plain(Columns columns) {
    return of("", columns, Map.of());
  }

  ColumnType type(int column) {
    return types[column];
  }

  Encoding encoding(int column) {
    return encodings[column];
  }

  /** The formats seen lately: there are as many as tables, times two when schemas come along. */
  static final class Cache {
    private static final int SIZE = 64;

    private final Entry[] entries = new Entry[SIZE];
    private int next;

    private record Entry(
        String table, Columns columns, Map<String, Encoding> encodings, RowFormat format) {}

    /** As {@link RowFormat#of}; the map must not change. */
    RowFormat get(String table, Columns columns, Map<String, Encoding> encodings) {
      for (Entry entry : entries) {
        if (entry != null
            && entry.columns == columns
            && entry.encodings == encodings
            && entry.table.equals(table)) {
          return entry.format;
        }
      }
      RowFormat format = of(table, columns, encodings);
      next = (next + 1) % SIZE;
      entries[next] = new Entry(table, columns, encodings, format);
      return format;
    }
  }
}
