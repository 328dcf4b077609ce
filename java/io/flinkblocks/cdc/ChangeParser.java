package io.flinkblocks.cdc;

import io.flinkblocks.event.DeadLetter;
import io.flinkblocks.event.DeadLetter.Origin;
import io.flinkblocks.event.DeadLetter.Reason;
import io.flinkblocks.event.JsonStrings;
import io.flinkblocks.event.NotJson;
import java.util.Map;

/**
 * From the bytes of one of Debezium's records to a {@link Change}; or to {@link Skipped}, when it
 * tells of none, or {@link Refused}, with the first reason that applies.
 *
 * <p>One pass over the bytes notes where the members lie; the rows are then copied once, with those
 * values in their canonical form whose column has one. Time is linear in the record's length. Keeps
 * buffers between records, so it is for one thread.
 */
public final class ChangeParser {
  /** The deepest nesting that is accepted; the outermost object has depth 1. */
  static final int MAX_DEPTH = 64;

  private static final int MESSAGE = 'm';
  private static final Skipped TOMBSTONE = new Skipped(Skipped.TOMBSTONE);
  private static final Skipped TRANSACTION = new Skipped(Skipped.TRANSACTION);
  private static final Skipped LOGICAL_MESSAGE = new Skipped(Skipped.MESSAGE);

  private final EnvelopeScan envelope = new EnvelopeScan();
  private final KeyReader keys = new KeyReader();
  private final RowFormat.Cache formats = new RowFormat.Cache();
  private final RowWriter writer = new RowWriter();
  private final Faults faults = new Faults();

  // Of the record that is being read.
  private byte[] data;

  /** A parser without memory of earlier records. */
  public ChangeParser() {}

  /**
   * Reads one record of a topic.
   *
   * @param key the record's key; may be null
   * @param value the record's value, which a refusal keeps; may be null
   * @param originOrNull where the record came from, for a refusal
   */
  public ChangeRecord parse(byte[] key, byte[] value, Origin originOrNull) {
    if (value == null || value.length == 0 && key != null) {
      return noValue(key, value, originOrNull);
    }
    return read(key, value, originOrNull, false);
  }

  /**
   * Reads one line of a file: an envelope whose key is the row's column {@code id}.
   *
   * @param line is kept by a refusal
   */
  public ChangeRecord parseLine(byte[] line) {
    return read(null, line, null, true);
  }

  private ChangeRecord read(byte[] key, byte[] value, Origin origin, boolean line) {
    data = value;
    try {
      envelope.read(value);
    } catch (NotJson e) {
      return refuse(value, Reason.NOT_JSON, null, origin);
    }
    if (envelope.deepest() > MAX_DEPTH) {
      return refuse(value, Reason.TOO_DEEP, null, origin);
    }
    if (envelope.first() == 'n') {
      return noValue(key, value, origin);
    }
    if (envelope.first() != '{') {
      return refuse(value, Reason.NOT_OBJECT, null, origin);
    }
    if (isTransaction()) {
      return TRANSACTION;
    }
    if (opLetter() == MESSAGE) {
      return LOGICAL_MESSAGE;
    }
    faults.clear();
    Change change = change(key, line);
    return faults.reason() == null
        ? change
        : refuse(value, faults.reason(), faults.field(), origin);
  }

  private static ChangeRecord noValue(byte[] key, byte[] value, Origin origin) {
    return key == null ? refuse(value, Reason.EMPTY_RECORD, null, origin) : TOMBSTONE;
  }

  private static Refused refuse(byte[] value, Reason reason, String field, Origin origin) {
    return new Refused(new DeadLetter(value, reason, field, origin));
  }

  /** The change, if no fault is found. */
  private Change change(byte[] key, boolean line) {
    Op op = op();
    String table = table();
    long lsn = integer(EnvelopeScan.LSN, 0);
    long txId = integer(EnvelopeScan.TX_ID, -1);
    long time = integer(EnvelopeScan.TIME, 0);
    Row before = op == Op.UPDATE || op == Op.DELETE ? before(table) : null;
    Row after = op == Op.CREATE || op == Op.UPDATE || op == Op.READ ? after(table) : null;
    byte[] rowKey = null;
    if (op != Op.TRUNCATE) {
      rowKey = line ? lineKey(op, before, after) : keys.read(key, table, faults);
    }
    Cause cause = op == Op.READ ? Cause.SNAPSHOT : Cause.STREAM;
    Mark mark = op == Op.READ ? mark() : Mark.NONE;
    return new Change(table, op, cause, mark, rowKey, before, after, lsn, txId, time);
  }

  private boolean isTransaction() {
    if (envelope.first(EnvelopeScan.OP) != 0 || envelope.first(EnvelopeScan.STATUS) != '"') {
      return false;
    }
    String status = text(EnvelopeScan.STATUS);
    return status.equals("BEGIN") || status.equals("END");
  }

  /** The operation's letter; 0 when it is no string, or not of one character. */
  private int opLetter() {
    if (envelope.first(EnvelopeScan.OP) != '"') {
      return 0;
    }
    int start = envelope.start(EnvelopeScan.OP);
    if (envelope.end(EnvelopeScan.OP) - start == 3) {
      return data[start + 1];
    }
    String text = text(EnvelopeScan.OP);
    return text.length() == 1 ? text.charAt(0) : 0;
  }

  private Op op() {
    if (!isOf('"', EnvelopeScan.OP, true)) {
      return null;
    }
    Op op = Op.of(opLetter());
    if (op == null) {
      faults.add(Reason.OUT_OF_RANGE, EnvelopeScan.path(EnvelopeScan.OP));
    }
    return op;
  }

  private String table() {
    if (!isOf('{', EnvelopeScan.SOURCE, true)
        || !isOf('"', EnvelopeScan.TABLE, true)
        || !isOf('"', EnvelopeScan.SCHEMA, false)) {
      return "";
    }
    String table = name(EnvelopeScan.TABLE);
    if (envelope.first(EnvelopeScan.SCHEMA) == 0) {
      return table;
    }
    String schema = name(EnvelopeScan.SCHEMA);
    return schema.isEmpty() || schema.equals("public") ? table : schema + "." + table;
  }

  /** Whether a member's value starts with this byte; if not, that is a fault. */
  private boolean isOf(char kind, int member, boolean required) {
    byte first = envelope.first(member);
    if (first == 0) {
      if (required) {
        faults.add(Reason.MISSING_FIELD, EnvelopeScan.path(member));
      }
      return !required;
    }
    if (first != kind) {
      faults.add(Reason.WRONG_TYPE, EnvelopeScan.path(member));
    }
    return first == kind;
  }

  private long integer(int member, long missing) {
    if (envelope.first(member) == 0) {
      return missing;
    }
    int start = envelope.start(member);
    int end = envelope.end(member);
    if (!Integers.isLong(data, start, end)) {
      faults.add(Reason.WRONG_TYPE, EnvelopeScan.path(member));
      return missing;
    }
    return Integers.value(data, start, end);
  }

  private Row before(String table) {
    return envelope.first(EnvelopeScan.BEFORE) != 0 && isOf('{', EnvelopeScan.BEFORE, false)
        ? row(envelope.before(), table, envelope.schema().before(), "before.")
        : null;
  }

  private Row after(String table) {
    return isOf('{', EnvelopeScan.AFTER, true)
        ? row(envelope.after(), table, envelope.schema().after(), "after.")
        : null;
  }

  private Row row(MemberScan members, String table, Map<String, Encoding> encodings, String path) {
    RowFormat format = formats.get(table, members.columns(), encodings);
    return writer.write(data, members, format, path, faults);
  }

  private byte[] lineKey(Op op, Row before, Row after) {
    Row row = op == Op.DELETE ? before : after;
    if (row != null) {
      return KeyReader.ofRow(row, faults);
    }
    if (op == Op.DELETE && envelope.first(EnvelopeScan.BEFORE) == 0) {
      KeyReader.missing(faults);
    }
    return null;
  }

  private Mark mark() {
    if (envelope.first(EnvelopeScan.SNAPSHOT) != '"') {
      return Mark.NONE;
    }
    return switch (text(EnvelopeScan.SNAPSHOT)) {
      case "first", "first_in_data_collection" -> Mark.FIRST;
      case "last", "last_in_data_collection" -> Mark.LAST;
      default -> Mark.NONE;
    };
  }

  private String name(int member) {
    int start = envelope.start(member) + 1;
    int end = envelope.end(member) - 1;
    boolean plain = JsonStrings.skipPlain(data, start) == end;
    return plain ? TableNames.of(data, start, end) : text(member);
  }

  private String text(int member) {
    return JsonValues.text(data, envelope.start(member), envelope.end(member));
  }
}
