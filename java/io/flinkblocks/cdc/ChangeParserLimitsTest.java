package io.flinkblocks.cdc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records that were made to be expensive: neither stack nor more than linear time and memory. */
class ChangeParserLimitsTest {
  private static final int MANY = 300_000;
  private static final byte[] KEY = "{\"id\":1}".getBytes(UTF_8);

  /** A hostile record and the verdict on it; a record named by what it is. */
  record Hostile(String name, String text, String verdict) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Hostile> hostile() {
    String deep = "[".repeat(MANY) + "]".repeat(MANY);
    return List.of(
        new Hostile("open arrays", "[".repeat(MANY), "not_json null"),
        new Hostile("open objects", "{\"a\":".repeat(MANY), "not_json null"),
        new Hostile("open envelopes", "{\"payload\":".repeat(MANY), "not_json null"),
        new Hostile("arrays", deep, "too_deep null"),
        new Hostile("a deep row", row("\"x\":" + deep), "too_deep null"),
        new Hostile("a deep source", "{\"source\":{\"x\":" + deep + "}}", "too_deep null"),
        new Hostile("a deep schema", schema(deep), "too_deep null"),
        new Hostile("a row of 64 levels", row("\"x\":" + nested(62)), "change"),
        new Hostile("a row of 65 levels", row("\"x\":" + nested(63)), "too_deep null"),
        new Hostile("a long amount", amount("9".repeat(MANY)), "out_of_range after.amount"),
        new Hostile(
            "a long fraction", amount("1." + "9".repeat(MANY)), "out_of_range after.amount"),
        new Hostile("zeros", amount("1." + "0".repeat(MANY)), "change"),
        new Hostile("zeros in front", amount("\"" + "0".repeat(MANY) + "1.5\""), "change"),
        new Hostile(
            "an exponent that makes up for zeros",
            amount("0." + "0".repeat(MANY) + "1e" + (MANY + 3)),
            "change"),
        new Hostile(
            "a long exponent", amount("1e" + "9".repeat(MANY)), "out_of_range after.amount"),
        new Hostile(
            "a long amount in Base64",
            amount("\"" + "AAAA".repeat(MANY) + "\""),
            "out_of_range after.amount"),
        new Hostile(
            "a scale without end",
            amount("{\"scale\":-2147483647,\"value\":\"AQ==\"}"),
            "out_of_range after.amount"),
        new Hostile("a long id", row("\"id\":" + "9".repeat(MANY)), "wrong_type after.id"),
        new Hostile(
            "a long timestamp",
            row("\"created_at\":\"2026-01-01T00:00:00." + "9".repeat(MANY) + "Z\""),
            "change"),
        new Hostile(
            "one name many times",
            row("\"id\":1," + "\"x\":1,".repeat(MANY) + "\"y\":1"),
            "change"),
        new Hostile("many names", row(names(MANY / 10)), "change"),
        new Hostile("a long name", row("\"" + "\\u0041".repeat(MANY) + "\":1"), "change"),
        new Hostile(
            "a long table",
            "{\"op\":\"t\",\"source\":{\"table\":\"" + "t".repeat(MANY) + "\"}}",
            "change"),
        new Hostile(
            "a long operation", "{\"op\":\"" + "c".repeat(MANY) + "\"}", "missing_field source"),
        new Hostile(
            "a long schema",
            schema("{\"fields\":[" + "{\"field\":\"after\"},".repeat(MANY) + "1]}"),
            "change"),
        new Hostile("escapes", row("\"name\":\"" + "\\ud83d\\ude00".repeat(MANY) + "\""), "change"),
        new Hostile("lone surrogates", row("\"name\":\"\\ud83d\""), "not_json null"),
        new Hostile("a NUL", row("\"name\":\"\0\""), "not_json null"),
        new Hostile("an escaped NUL", row("\"na\\u0000me\":\"\\u0000\""), "change"),
        new Hostile("white space", " ".repeat(MANY), "not_json null"),
        new Hostile("white space in a value", row("\"x\":[" + " ".repeat(MANY) + "]"), "change"));
  }

  private static String row(String members) {
    return "{\"op\":\"c\",\"source\":{\"table\":\"orders\"},\"after\":{" + members + "}}";
  }

  private static String amount(String amount) {
    return row("\"amount\":" + amount);
  }

  private static String schema(String schema) {
    return "{\"schema\":" + schema + ",\"payload\":" + row("\"id\":1") + "}";
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  private static String names(int count) {
    StringBuilder members = new StringBuilder("\"id\":1");
    for (int i = 0; i < count; i++) {
      members.append(",\"column").append(i).append("\":").append(i);
    }
    return members.toString();
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void costsNoMoreThanItsLength(Hostile given) {
    byte[] record = given.text().getBytes(UTF_8);
    ChangeParser parser = new ChangeParser();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    ChangeRecord parsed = parser.parse(KEY, record, null);
    long allocated = threads.getThreadAllocatedBytes(thread) - before;
    assertEquals(given.verdict(), verdict(parsed));
    // Names and what a schema says are objects; all else is copied a few times at most.
    assertTrue(allocated < 100L * record.length + 200_000, () -> allocated + " bytes");
  }

  private static String verdict(ChangeRecord record) {
    return record instanceof Refused refused
        ? refused.letter().reason().label() + " " + refused.letter().field()
        : "change";
  }

  @Test
  void aKeyOfAnyBytesIsNoTrouble() {
    byte[] value = row("\"id\":1").getBytes(UTF_8);
    ChangeParser parser = new ChangeParser();
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] key = new byte[random.nextInt(12)];
      random.nextBytes(key);
      assertEquals(TestingReferenceParser.parse(key, value, null), parser.parse(key, value, null));
    }
  }

  @Test
  void layoutsWithoutEndAreForgotten() {
    ChangeParser parser = new ChangeParser();
    for (int i = 0; i < 20_000; i++) {
      String text = row("\"id\":1,\"column" + i + "\":" + i);
      Change change = assertInstanceOf(Change.class, parser.parse(KEY, text.getBytes(UTF_8), null));
      assertEquals(i, change.after().integer("column" + i));
    }
    String text = row("\"id\":1,\"amount\":\"1.50\"");
    Change change = (Change) parser.parse(KEY, text.getBytes(UTF_8), null);
    assertEquals(1_500_000, change.after().micros("amount"));
  }
}
