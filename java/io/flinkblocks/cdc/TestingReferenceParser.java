package io.flinkblocks.cdc;

import io.flinkblocks.cdc.TestingReferenceValues.SchemaType;
import io.flinkblocks.event.DeadLetter;
import io.flinkblocks.event.DeadLetter.Origin;
import io.flinkblocks.event.DeadLetter.Reason;
import io.flinkblocks.event.TestingJsonTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The contract of a change word for word, over a tree, without any thought of speed: what {@link
 * ChangeParser} must agree with on every input.
 */
final class TestingReferenceParser {
  private static final String OPS = "cudrt";

  private final byte[] key;
  private final boolean line;
  private final TestingRawTree envelope;
  private final TestingRawTree schema;
  private final List<Fault> faults = new ArrayList<>();

  private record Fault(Reason reason, String field) {}

  private TestingReferenceParser(
      byte[] key, boolean line, TestingRawTree envelope, TestingRawTree schema) {
    this.key = key;
    this.line = line;
    this.envelope = envelope;
    this.schema = schema;
  }

  /** What a record of a topic must come to. */
  static ChangeRecord parse(byte[] key, byte[] value, Origin origin) {
    boolean noValue = value == null || value.length == 0 && key != null;
    return noValue ? noValue(key, value, origin) : parse(key, value, origin, false);
  }

  /** What a line of a file must come to. */
  static ChangeRecord parseLine(byte[] line) {
    return parse(null, line, null, true);
  }

  private static ChangeRecord parse(byte[] key, byte[] value, Origin origin, boolean line) {
    TestingRawTree root;
    try {
      if (TestingJsonTree.read(value).depth() > 64) {
        return refused(value, Reason.TOO_DEEP, null, origin);
      }
      root = TestingRawTree.read(value);
    } catch (IOException e) {
      return refused(value, Reason.NOT_JSON, null, origin);
    }
    TestingRawTree schema = null;
    if (root.isObject() && root.members().containsKey("payload")) {
      schema = root.get("schema");
      root = root.members().get("payload");
    }
    if (root.value() == null) {
      return noValue(key, value, origin);
    }
    if (!root.isObject()) {
      return refused(value, Reason.NOT_OBJECT, null, origin);
    }
    TestingReferenceParser parser = new TestingReferenceParser(key, line, root, schema);
    return parser.judge(value, origin);
  }

  private static ChangeRecord noValue(byte[] key, byte[] value, Origin origin) {
    return key == null
        ? refused(value, Reason.EMPTY_RECORD, null, origin)
        : new Skipped("tombstone");
  }

  private static Refused refused(byte[] value, Reason reason, String field, Origin origin) {
    return new Refused(new DeadLetter(value, reason, field, origin));
  }

  private ChangeRecord judge(byte[] value, Origin origin) {
    TestingRawTree op = envelope.get("op");
    TestingRawTree status = envelope.get("status");
    if (op == null
        && status != null
        && (status.value().equals("BEGIN") || status.value().equals("END"))) {
      return new Skipped("transaction");
    }
    if (op != null && op.value().equals("m")) {
      return new Skipped("message");
    }
    Change change = change();
    return faults.stream()
        .min(Comparator.comparing(Fault::reason))
        .<ChangeRecord>map(fault -> refused(value, fault.reason(), fault.field(), origin))
        .orElse(change);
  }

  private Change change() {
    String op = (String) member(envelope, "op", "op", String.class, true);
    if (op != null && (op.length() != 1 || !OPS.contains(op))) {
      faults.add(new Fault(Reason.OUT_OF_RANGE, "op"));
      op = null;
    }
    String letter = op == null ? "" : op;
    String table = table();
    TestingRawTree source = envelope.get("source");
    long lsn = integer(source, "lsn", 0);
    long txId = integer(source, "txId", -1);
    long time = integer(source, "ts_ms", 0);
    String before = "ud".contains(letter) && op != null ? row("before", table, false) : null;
    String after = "cur".contains(letter) && op != null ? row("after", table, true) : null;
    String rowKey = letter.equals("t") ? null : key(letter, table);
    boolean read = letter.equals("r");
    TestingRawTree snapshot = read && source != null ? source.get("snapshot") : null;
    Op told = Op.of(letter.isEmpty() ? 0 : letter.charAt(0));
    return new Change(
        table,
        told,
        read ? Cause.SNAPSHOT : Cause.STREAM,
        mark(snapshot == null ? null : snapshot.value()),
        rowKey == null ? null : rowKey.getBytes(StandardCharsets.UTF_8),
        before == null ? null : Row.of(before.getBytes(StandardCharsets.UTF_8)),
        after == null ? null : Row.of(after.getBytes(StandardCharsets.UTF_8)),
        lsn,
        txId,
        time);
  }

  private static Mark mark(Object snapshot) {
    if ("first".equals(snapshot) || "first_in_data_collection".equals(snapshot)) {
      return Mark.FIRST;
    }
    boolean last = "last".equals(snapshot) || "last_in_data_collection".equals(snapshot);
    return last ? Mark.LAST : Mark.NONE;
  }

  private Object member(
      TestingRawTree object, String name, String path, Class<?> type, boolean required) {
    TestingRawTree member = object.get(name);
    if (member == null) {
      if (required) {
        faults.add(new Fault(Reason.MISSING_FIELD, path));
      }
      return null;
    }
    if (!type.isInstance(member.value())) {
      faults.add(new Fault(Reason.WRONG_TYPE, path));
      return null;
    }
    return member.value();
  }

  private String table() {
    if (member(envelope, "source", "source", Map.class, true) == null) {
      return "";
    }
    TestingRawTree source = envelope.get("source");
    Object table = member(source, "table", "source.table", String.class, true);
    int known = faults.size();
    Object schemaName =
        table == null ? null : member(source, "schema", "source.schema", String.class, false);
    if (table == null || faults.size() > known) {
      return "";
    }
    boolean plain = schemaName == null || schemaName.equals("public") || schemaName.equals("");
    return plain ? (String) table : schemaName + "." + table;
  }

  private long integer(TestingRawTree source, String name, long missing) {
    TestingRawTree member = source == null ? null : source.get(name);
    if (member == null) {
      return missing;
    }
    String value = TestingReferenceValues.integer(member);
    if (value.equals(TestingReferenceValues.WRONG_TYPE)) {
      faults.add(new Fault(Reason.WRONG_TYPE, "source." + name));
      return missing;
    }
    return Long.parseLong(value);
  }

  private String row(String name, String table, boolean required) {
    Object row = member(envelope, name, name, Map.class, required);
    return row == null
        ? null
        : canonical(envelope.get(name), table, name, TestingReferenceRow.types(schema, name));
  }

  private String canonical(
      TestingRawTree row, String table, String path, Map<String, SchemaType> types) {
    return TestingReferenceRow.canonical(
        row, table, types, (reason, column) -> faults.add(new Fault(reason, path + "." + column)));
  }

  private String key(String op, String table) {
    try {
      return line ? lineKey(op, table) : recordKey(table);
    } catch (IOException e) {
      return keyFault(Reason.NOT_JSON);
    }
  }

  private String lineKey(String op, String table) {
    String name = op.equals("d") ? "before" : "after";
    if (op.isEmpty() || envelope.get(name) != null && !envelope.get(name).isObject()) {
      return null;
    }
    TestingRawTree row = envelope.get(name);
    TestingRawTree id = row == null ? null : row.get("id");
    return id == null
        ? keyFault(Reason.MISSING_FIELD)
        : "{\"id\":" + TestingReferenceRow.value(id, table, "id", null) + "}";
  }

  private String recordKey(String table) throws IOException {
    if (key == null || key.length == 0) {
      return keyFault(Reason.MISSING_FIELD);
    }
    if (TestingJsonTree.read(key).depth() > 64) {
      return keyFault(Reason.TOO_DEEP);
    }
    TestingRawTree root = TestingRawTree.read(key);
    if (root.isObject() && root.members().keySet().equals(Set.of("schema", "payload"))) {
      root = root.members().get("payload");
    }
    if (!root.isObject()) {
      return keyFault(root.value() == null ? Reason.MISSING_FIELD : Reason.WRONG_TYPE);
    }
    return canonical(root, table, "key", Map.of());
  }

  private String keyFault(Reason reason) {
    faults.add(new Fault(reason, "key"));
    return null;
  }
}
