package io.flinkblocks.cdc;

import io.flinkblocks.event.FieldNames;
import io.flinkblocks.event.JsonScanner;
import io.flinkblocks.event.NotJson;
import java.util.Arrays;

/**
 * Where the members of one envelope lie in its text, bare or with a schema around it. One pass over
 * the bytes; nothing is built but what a schema says, once. For one thread.
 */
final class EnvelopeScan {
  // The members that count. The order is that in which faults are told.
  static final int OP = 0;
  static final int SOURCE = 1;
  static final int TABLE = 2;
  static final int SCHEMA = 3;
  static final int LSN = 4;
  static final int TX_ID = 5;
  static final int TIME = 6;
  static final int SNAPSHOT = 7;
  static final int BEFORE = 8;
  static final int AFTER = 9;
  static final int STATUS = 10;

  private static final String[] PATHS = {
    "op",
    "source",
    "source.table",
    "source.schema",
    "source.lsn",
    "source.txId",
    "source.ts_ms",
    "source.snapshot",
    "before",
    "after",
    "status"
  };
  private static final int COUNT = PATHS.length;

  // Not members of the envelope: what is around it.
  private static final int PAYLOAD = COUNT;
  private static final int EMBEDDED_SCHEMA = COUNT + 1;
  private static final int UNKNOWN = -1;

  private final JsonScanner scanner = new JsonScanner();
  private final FieldNames outer = new FieldNames(scanner, this::findMember);
  private final FieldNames inner = new FieldNames(scanner, this::findMember);
  private final FieldNames sourceNames = new FieldNames(scanner, this::findInSource);
  private final EmbeddedSchema.Cache schemas = new EmbeddedSchema.Cache();
  private final int[] starts = new int[COUNT];
  private final int[] ends = new int[COUNT];
  private final MemberScan before = new MemberScan();
  private final MemberScan after = new MemberScan();

  private byte[] data;
  private byte first;
  private EmbeddedSchema schema;
  private int schemaStart;
  private int schemaEnd;

  /** Reads a text; its values are only looked at when it is asked for them. */
  void read(byte[] text) throws NotJson {
    data = text;
    Arrays.fill(starts, -1);
    schema = EmbeddedSchema.NONE;
    schemaStart = -1;
    scanner.reset(text);
    first = scanner.token();
    if (first == '{') {
      readOuter();
    } else {
      scanner.skipValue(0);
    }
    scanner.finish();
  }

  /** The first byte of the envelope, which is the payload if there is one. */
  byte first() {
    return first;
  }

  /** The deepest nesting; an object at the top has depth 1. */
  int deepest() {
    return scanner.deepest();
  }

  /** The first byte of a member; 0 when it is null or missing. */
  byte first(int member) {
    return starts[member] < 0 || data[starts[member]] == 'n' ? 0 : data[starts[member]];
  }

  /** Where a member starts. */
  int start(int member) {
    return starts[member];
  }

  /** The position behind a member. */
  int end(int member) {
    return ends[member];
  }

  /** The members of the row before, if {@link #first} says that it is an object. */
  MemberScan before() {
    return before;
  }

  /** The members of the row after, likewise. */
  MemberScan after() {
    return after;
  }

  /** What a schema around the envelope says; to be asked when the text is accepted. */
  EmbeddedSchema schema() {
    if (schema == null) {
      schema = schemas.add(data, schemaStart, schemaEnd);
    }
    return schema;
  }

  /** The name of a member in dead letters. */
  static String path(int member) {
    return PATHS[member];
  }

  private void readOuter() throws NotJson {
    boolean wrapped = false;
    for (int field = outer.first(data, 1); field != FieldNames.END; field = outer.next(data)) {
      if (field == PAYLOAD) {
        wrapped = true;
        readPayload();
      } else if (field == EMBEDDED_SCHEMA) {
        readSchema();
      } else if (wrapped) {
        scanner.skipValue(1);
      } else {
        readMember(field, 1);
      }
    }
    if (!wrapped) {
      schema = EmbeddedSchema.NONE;
    }
  }

  private void readPayload() throws NotJson {
    // What stood beside it, or in an earlier one, does not count any more.
    Arrays.fill(starts, -1);
    first = scanner.token();
    if (first != '{') {
      scanner.skipValue(1);
      return;
    }
    for (int field = inner.first(data, 2); field != FieldNames.END; field = inner.next(data)) {
      readMember(field, 2);
    }
  }

  private void readSchema() throws NotJson {
    scanner.token();
    schema = schemas.skip(scanner);
    if (schema == null) {
      schemaStart = scanner.position();
      scanner.skipValue(1);
      schemaEnd = scanner.position();
    }
  }

  private void readMember(int member, int depth) throws NotJson {
    if (member < 0 || member >= COUNT) {
      scanner.skipValue(depth);
      return;
    }
    boolean object = scanner.token() == '{';
    starts[member] = scanner.position();
    if (object && member == BEFORE) {
      before.read(scanner, data, depth + 1);
    } else if (object && member == AFTER) {
      after.read(scanner, data, depth + 1);
    } else if (member == SOURCE) {
      Arrays.fill(starts, SOURCE + 1, BEFORE, -1);
      readSource(object, depth);
    } else {
      scanner.skipValue(depth);
    }
    ends[member] = scanner.position();
  }

  private void readSource(boolean object, int depth) throws NotJson {
    if (!object) {
      scanner.skipValue(depth);
      return;
    }
    int inside = depth + 1;
    for (int field = sourceNames.first(data, inside);
        field != FieldNames.END;
        field = sourceNames.next(data)) {
      if (field == UNKNOWN) {
        scanner.skipValue(inside);
      } else {
        scanner.token();
        starts[field] = scanner.position();
        scanner.skipValue(inside);
        ends[field] = scanner.position();
      }
    }
  }

  private int findMember(byte[] text) {
    return switch (name(text)) {
      case "op" -> OP;
      case "source" -> SOURCE;
      case "before" -> BEFORE;
      case "after" -> AFTER;
      case "status" -> STATUS;
      case "payload" -> PAYLOAD;
      case "schema" -> EMBEDDED_SCHEMA;
      default -> UNKNOWN;
    };
  }

  private int findInSource(byte[] text) {
    return switch (name(text)) {
      case "table" -> TABLE;
      case "schema" -> SCHEMA;
      case "lsn" -> LSN;
      case "txId" -> TX_ID;
      case "ts_ms" -> TIME;
      case "snapshot" -> SNAPSHOT;
      default -> UNKNOWN;
    };
  }

  /** The scanner's last string. */
  private String name(byte[] text) {
    return JsonValues.text(text, scanner.start() - 1, scanner.end() + 1);
  }
}
