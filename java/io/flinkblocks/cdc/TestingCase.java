package io.flinkblocks.cdc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One case of {@code testdata/changes.json}. */
final class TestingCase {
  private static final Path FILE =
      Path.of("java", "io", "flinkblocks", "cdc", "testdata", "changes.json");

  private final TestingRawTree json;

  private TestingCase(TestingRawTree json) {
    this.json = json;
  }

  /** All cases. */
  static List<TestingCase> all() {
    try {
      List<TestingCase> cases = new ArrayList<>();
      TestingRawTree file = TestingRawTree.read(Files.readAllBytes(FILE));
      file.get("cases").elements().forEach(json -> cases.add(new TestingCase(json)));
      return cases;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The record's key; null for none. */
  byte[] key() {
    return raw("key");
  }

  /** The record's value as the file has it, with white space; null for none. */
  byte[] value() {
    return raw("value");
  }

  /** What the record must come to, as {@link #verdict(ChangeRecord)} tells it. */
  String verdict() {
    TestingRawTree change = json.get("change");
    if (change == null) {
      return json.get("skipped") != null ? "skipped " + text("skipped") : refusal();
    }
    List<String> parts = new ArrayList<>();
    change.members().forEach((name, part) -> parts.add(name + "=" + part.compact()));
    return String.join(" ", parts).replace("\"", "'");
  }

  /** What the value must come to as a line; null when that is another matter. */
  String lineVerdict() {
    if (json.get("line") == null) {
      return verdict();
    }
    return text("line").equals("skip") ? null : "refused " + text("line") + " null";
  }

  private String refusal() {
    return "refused " + text("reason") + " " + (json.get("field") == null ? null : text("field"));
  }

  /** A record in short. */
  static String verdict(ChangeRecord record) {
    if (record instanceof Refused refused) {
      return "refused " + refused.letter().reason().label() + " " + refused.letter().field();
    }
    if (record instanceof Skipped skipped) {
      return "skipped " + skipped.why();
    }
    Change change = (Change) record;
    String key = change.key() == null ? null : new String(change.key(), StandardCharsets.UTF_8);
    return String.format(
            "table=%s op=\"%s\" cause=\"%s\" mark=\"%s\" key=%s before=%s after=%s lsn=%d txId=%d"
                + " time=%d",
            TestingReferenceRow.quoted(change.table()),
            change.op(),
            change.cause(),
            change.mark(),
            key,
            change.before(),
            change.after(),
            change.lsn(),
            change.txId(),
            change.time())
        .replace("\"", "'");
  }

  private String text(String name) {
    return (String) json.get(name).value();
  }

  private byte[] raw(String name) {
    TestingRawTree part = json.get(name);
    return part == null ? null : part.raw().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return text("case");
  }
}
