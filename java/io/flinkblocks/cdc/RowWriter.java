package io.flinkblocks.cdc;

import io.flinkblocks.cdc.Row.Places;
import io.flinkblocks.event.DeadLetter.Reason;
import io.flinkblocks.event.JsonScanner;
import io.flinkblocks.event.NotJson;
import io.flinkblocks.output.Amount;
import java.nio.charset.StandardCharsets;

/**
 * Makes rows in their canonical form out of slices of a text. First each value is looked at: as a
 * rule it stays a slice, seldom other bytes take its place; then all are copied, once. For one
 * thread.
 */
final class RowWriter {
  private int[] starts = new int[16];
  private int[] ends = new int[16];
  // The bytes in place of a slice; null as a rule.
  private byte[][] others = new byte[16][];

  /**
   * Makes a row.
   *
   * @param path what stands in front of a column's name in the name of a fault's field
   * @param faults gets the values that are not of their column's type; the row is of no use then
   */
  Row write(byte[] data, MemberScan members, RowFormat format, String path, Faults faults) {
    Columns columns = members.columns();
    int count = columns.size();
    reserve(count);
    for (int i = 0; i < count; i++) {
      starts[i] = members.start(i);
      ends[i] = members.end(i);
      others[i] = null;
      Reason reason = convert(data, i, format);
      if (reason != null) {
        faults.add(reason, path + columns.name(i));
      }
    }
    return members.isCanonical() ? copyRuns(data, members) : copyValues(data, columns);
  }

  /** A text that should be one object, in the canonical form; null when it is anything else. */
  static Row plain(byte[] json) {
    if (json == null) {
      return null;
    }
    JsonScanner scanner = new JsonScanner();
    MemberScan members = new MemberScan();
    try {
      if (!members.readAll(scanner, json)) {
        return null;
      }
    } catch (NotJson e) {
      return null;
    }
    RowFormat format = RowFormat.plain(members.columns());
    return new RowWriter().write(json, members, format, "", new Faults());
  }

  /** Copies what stands between two values that change in one go. */
  private Row copyRuns(byte[] data, MemberScan members) {
    Columns columns = members.columns();
    int count = columns.size();
    int length = members.end() - members.start();
    for (int i = 0; i < count; i++) {
      length += length(i) - (members.end(i) - members.start(i));
    }
    byte[] json = new byte[length];
    int[] valueEnds = new int[count];
    int at = 0;
    int from = members.start();
    for (int i = 0; i < count; i++) {
      int start = members.start(i);
      if (others[i] != null || starts[i] != start || ends[i] != members.end(i)) {
        System.arraycopy(data, from, json, at, start - from);
        at = copyValue(data, i, json, at + start - from);
        from = members.end(i);
      }
      valueEnds[i] = at + members.end(i) - from;
    }
    System.arraycopy(data, from, json, at, members.end() - from);
    return new Row(json, new Places(columns, valueEnds));
  }

  private Row copyValues(byte[] data, Columns columns) {
    int count = columns.size();
    int length = count == 0 ? 2 : 1;
    for (int i = 0; i < count; i++) {
      length += columns.lead(i).length + length(i);
    }
    byte[] json = new byte[length];
    int[] valueEnds = new int[count];
    json[0] = '{';
    int at = 0;
    for (int i = 0; i < count; i++) {
      byte[] lead = columns.lead(i);
      System.arraycopy(lead, 0, json, at, lead.length);
      at = copyValue(data, i, json, at + lead.length);
      valueEnds[i] = at;
    }
    json[length - 1] = '}';
    return new Row(json, new Places(columns, valueEnds));
  }

  private int length(int column) {
    return others[column] == null ? ends[column] - starts[column] : others[column].length;
  }

  /** Copies a value in its canonical form; returns the position behind it. */
  private int copyValue(byte[] data, int column, byte[] out, int at) {
    byte[] other = others[column];
    int length = length(column);
    System.arraycopy(
        other == null ? data : other, other == null ? starts[column] : 0, out, at, length);
    return at + length;
  }

  /** Brings a value into its canonical form; tells what is wrong with it, or null. */
  private Reason convert(byte[] data, int column, RowFormat format) {
    byte first = data[starts[column]];
    if (first == 'n') {
      return null;
    }
    return switch (format.type(column)) {
      case INTEGER -> integer(data, column);
      case TEXT -> first == '"' ? null : Reason.WRONG_TYPE;
      case AMOUNT -> amount(data, column, format.encoding(column));
      case TIMESTAMP -> timestamp(data, column, format.encoding(column));
      default -> any(data, column, first);
    };
  }

  private Reason any(byte[] data, int column, byte first) {
    if (first == '{' || first == '[') {
      others[column] = JsonValues.compact(data, starts[column], ends[column]);
    }
    return null;
  }

  private Reason integer(byte[] data, int column) {
    int start = starts[column];
    if (!Integers.isLong(data, start, ends[column])) {
      return Reason.WRONG_TYPE;
    }
    if (data[start] == '-' && data[start + 1] == '0') {
      // Two keys must not mean one row.
      starts[column]++;
    }
    return null;
  }

  private Reason amount(byte[] data, int column, Encoding encoding) {
    boolean quoted = data[starts[column]] == '"';
    int start = quoted ? starts[column] + 1 : starts[column];
    int end = quoted ? ends[column] - 1 : ends[column];
    if (Decimals.isCents(data, start, end) && (!quoted || Amounts.mayBeText(encoding))) {
      starts[column] = start;
      ends[column] = end;
      return null;
    }
    long micros = Amounts.micros(data, starts[column], ends[column], encoding);
    if (micros == Decimals.MALFORMED) {
      return Reason.WRONG_TYPE;
    }
    if (micros == Decimals.OUT_OF_RANGE) {
      return Reason.OUT_OF_RANGE;
    }
    others[column] = Amount.text(micros).getBytes(StandardCharsets.US_ASCII);
    return null;
  }

  private Reason timestamp(byte[] data, int column, Encoding encoding) {
    int start = starts[column];
    int end = ends[column];
    if (data[start] == '"' && Timestamps.isCanonical(data, start + 1, end - 1)) {
      return null;
    }
    long micros = Times.micros(data, start, end, encoding);
    if (micros == Timestamps.MALFORMED) {
      return Reason.WRONG_TYPE;
    }
    if (micros == Timestamps.OUT_OF_RANGE) {
      return Reason.OUT_OF_RANGE;
    }
    others[column] = ('"' + Timestamps.text(micros) + '"').getBytes(StandardCharsets.US_ASCII);
    return null;
  }

  private void reserve(int count) {
    if (count > starts.length) {
      starts = new int[count];
      ends = new int[count];
      others = new byte[count][];
    }
  }
}
