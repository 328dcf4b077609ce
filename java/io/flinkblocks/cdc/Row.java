package io.flinkblocks.cdc;

import io.flinkblocks.event.CompactType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * One row of a table: the bytes of a canonical JSON object and, once it is asked for a value, where
 * the values lie in them. Immutable: operators may keep and share it.
 *
 * <p>Canonical is an object without white space and without a name twice, names written with no
 * escapes but those that must be.
 */
public final class Row {
  /** How Flink moves and keeps rows. */
  public static final TypeInformation<Row> TYPE =
      new CompactType<>(Row.class, RowSerializer.INSTANCE);

  private final byte[] json;
  // Made when it is needed. One reference, so that it may be made twice but never seen half.
  private Places places;

  /**
   * Where the values of a row lie.
   *
   * @param ends of each column, the position behind its value
   */
  record Places(Columns columns, int[] ends) {
    int start(int column) {
      return (column == 0 ? 0 : ends[column - 1]) + columns.lead(column).length;
    }
  }

  Row(byte[] json, Places places) {
    this.json = json;
    this.places = places;
  }

  /**
   * A row of its JSON.
   *
   * @param canonicalJson is kept and must not change afterwards. Nobody checks it: of what is no
   *     canonical object values are told wrongly, or with an IllegalArgumentException not at all
   */
  public static Row of(byte[] canonicalJson) {
    return new Row(canonicalJson, null);
  }

  /** The same row, without what was found out about it: for whoever keeps many. */
  Row bare() {
    return new Row(json, null);
  }

  /** The canonical JSON object. The array is shared: never write to it. */
  public byte[] json() {
    return json;
  }

  /** The names, in the database's order. */
  public Columns columns() {
    return places().columns;
  }

  /** Whether there is such a column; its value may be null. */
  public boolean has(String column) {
    return columns().indexOf(column) >= 0;
  }

  /** Whether the value is null, or there is no such column. */
  public boolean isNull(String column) {
    return find(column) < 0;
  }

  /** A string with its escapes resolved, or the JSON of any other value; null when it is null. */
  public String text(String column) {
    int at = find(column);
    if (at < 0) {
      return null;
    }
    int start = places.start(at);
    int end = places.ends[at];
    return json[start] == '"'
        ? JsonValues.text(json, start, end)
        : new String(json, start, end - start, StandardCharsets.UTF_8);
  }

  /**
   * A whole number; 0 when the value is null.
   *
   * @throws IllegalArgumentException if it is no integer of 64 bits
   */
  public long integer(String column) {
    int at = find(column);
    if (at < 0) {
      return 0;
    }
    int start = places.start(at);
    int end = places.ends[at];
    if (!Integers.isLong(json, start, end)) {
      throw notA("whole number", column);
    }
    return Integers.value(json, start, end);
  }

  /**
   * An amount in millionths; 0 when the value is null.
   *
   * @throws IllegalArgumentException if it is no number, has more than 6 decimals, or is 10^12 or
   *     more
   */
  public long micros(String column) {
    int at = find(column);
    if (at < 0) {
      return 0;
    }
    long micros = Decimals.micros(json, places.start(at), places.ends[at]);
    if (micros == Decimals.MALFORMED || micros == Decimals.OUT_OF_RANGE) {
      throw notA("amount", column);
    }
    return micros;
  }

  /**
   * A timestamp in microseconds since the epoch; Long.MIN_VALUE when the value is null.
   *
   * @throws IllegalArgumentException if it is no text of a timestamp with an offset
   */
  public long timestamp(String column) {
    int at = find(column);
    if (at < 0) {
      return Long.MIN_VALUE;
    }
    int start = places.start(at);
    long micros =
        json[start] == '"'
            ? Timestamps.micros(json, start + 1, places.ends[at] - 1)
            : Timestamps.MALFORMED;
    if (micros == Timestamps.MALFORMED) {
      throw notA("timestamp", column);
    }
    return micros;
  }

  /** The JSON of a value; null when there is no such column. */
  public byte[] value(String column) {
    int at = columns().indexOf(column);
    return at < 0 ? null : Arrays.copyOfRange(json, places.start(at), places.ends[at]);
  }

  /**
   * The columns whose values differ, with those that only one of the rows has: in this row's order,
   * then those of the other row alone.
   */
  public List<String> changed(Row other) {
    Columns mine = columns();
    Columns theirs = other.columns();
    List<String> changed = new ArrayList<>();
    for (int i = 0; i < mine.size(); i++) {
      int at = mine == theirs ? i : theirs.indexOf(mine.name(i));
      if (at < 0 || !sameValue(i, other, at)) {
        changed.add(mine.name(i));
      }
    }
    for (int i = 0; mine != theirs && i < theirs.size(); i++) {
      if (mine.indexOf(theirs.name(i)) < 0) {
        changed.add(theirs.name(i));
      }
    }
    return changed;
  }

  private boolean sameValue(int column, Row other, int otherColumn) {
    return Arrays.equals(
        json,
        places.start(column),
        places.ends[column],
        other.json,
        other.places.start(otherColumn),
        other.places.ends[otherColumn]);
  }

  private Places places() {
    if (places == null) {
      places = Columns.places(json);
    }
    return places;
  }

  /** The number of a column; -1 when its value is null or there is no such column. */
  private int find(String column) {
    Places here = places();
    int at = here.columns.indexOf(column);
    return at < 0 || json[here.start(at)] == 'n' ? -1 : at;
  }

  private IllegalArgumentException notA(String what, String column) {
    return new IllegalArgumentException(
        column + " is no " + what + ": " + new String(value(column), StandardCharsets.UTF_8));
  }

  /** Equal are rows of the same bytes. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Row that && Arrays.equals(json, that.json);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(json);
  }

  @Override
  public String toString() {
    return new String(json, StandardCharsets.UTF_8);
  }
}
