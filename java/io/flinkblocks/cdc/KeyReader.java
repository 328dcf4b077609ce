package io.flinkblocks.cdc;

import io.flinkblocks.event.DeadLetter.Reason;
import io.flinkblocks.event.JsonScanner;
import io.flinkblocks.event.NotJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** The keys of rows, in their canonical form. For one thread. */
final class KeyReader {
  private static final String KEY = "key";
  private static final byte[] ID = "{\"id\":".getBytes(StandardCharsets.US_ASCII);

  private final JsonScanner scanner = new JsonScanner();
  private final MemberScan members = new MemberScan();
  private final MemberScan payload = new MemberScan();
  private final RowFormat.Cache formats = new RowFormat.Cache();
  private final RowWriter writer = new RowWriter();

  /**
   * The key of a record, bare or with a schema around it.
   *
   * @param key the record's; may be null
   * @param table whose row it is
   * @param faults gets what is wrong with it
   * @return null if it is no object
   */
  byte[] read(byte[] key, String table, Faults faults) {
    if (key == null || key.length == 0) {
      faults.add(Reason.MISSING_FIELD, KEY);
      return null;
    }
    try {
      boolean object = members.readAll(scanner, key);
      if (scanner.deepest() > ChangeParser.MAX_DEPTH) {
        faults.add(Reason.TOO_DEEP, KEY);
        return null;
      }
      if (!object || !isWrapped(members.columns())) {
        return object ? write(members, key, table, faults) : noObject(key, faults);
      }
      int at = members.columns().indexOf("payload");
      byte[] inner = Arrays.copyOfRange(key, members.start(at), members.end(at));
      return payload.readAll(scanner, inner)
          ? write(payload, inner, table, faults)
          : noObject(inner, faults);
    } catch (NotJson e) {
      faults.add(Reason.NOT_JSON, KEY);
      return null;
    }
  }

  /** The key that a row without one has: its id. */
  static byte[] ofRow(Row row, Faults faults) {
    if (row.isNull("id")) {
      faults.add(Reason.MISSING_FIELD, KEY);
      return null;
    }
    byte[] id = row.value("id");
    byte[] key = Arrays.copyOf(ID, ID.length + id.length + 1);
    System.arraycopy(id, 0, key, ID.length, id.length);
    key[key.length - 1] = '}';
    return key;
  }

  /** There is no row, and so no key. */
  static void missing(Faults faults) {
    faults.add(Reason.MISSING_FIELD, KEY);
  }

  private static boolean isWrapped(Columns columns) {
    return columns.size() == 2 && columns.indexOf("schema") >= 0 && columns.indexOf("payload") >= 0;
  }

  private byte[] write(MemberScan scan, byte[] key, String table, Faults faults) {
    RowFormat format = formats.get(table, scan.columns(), Map.of());
    return writer.write(key, scan, format, KEY + ".", faults).json();
  }

  private static byte[] noObject(byte[] json, Faults faults) {
    boolean isNull = new String(json, StandardCharsets.UTF_8).strip().equals("null");
    faults.add(isNull ? Reason.MISSING_FIELD : Reason.WRONG_TYPE, KEY);
    return null;
  }
}
