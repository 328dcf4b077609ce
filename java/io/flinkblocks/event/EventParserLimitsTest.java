package io.flinkblocks.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.flinkblocks.event.DeadLetter.Reason;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records that were made to be expensive: neither stack nor memory nor more than linear time. */
class EventParserLimitsTest {
  private static final int MANY = 1_000_000;

  /** A hostile record and the verdict on it; a record named by what it is. */
  record Hostile(String name, String text, Reason reason, String field) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Hostile> hostile() {
    return List.of(
        new Hostile("open arrays", "[".repeat(MANY), Reason.NOT_JSON, null),
        new Hostile("open objects", "{\"a\":".repeat(MANY), Reason.NOT_JSON, null),
        new Hostile("arrays", "[".repeat(MANY) + "]".repeat(MANY), Reason.TOO_DEEP, null),
        new Hostile(
            "objects", "{\"a\":".repeat(MANY) + "1" + "}".repeat(MANY), Reason.TOO_DEEP, null),
        new Hostile("both", "{\"a\":[".repeat(MANY) + "]}".repeat(MANY), Reason.TOO_DEEP, null),
        withPrice("1e999999999"),
        withPrice("1e" + "9".repeat(MANY)),
        withPrice("9".repeat(MANY)),
        withPrice("9".repeat(MANY) + "." + "9".repeat(MANY)),
        withPrice("0." + "0".repeat(MANY) + "1e" + 2 * MANY),
        event("a price near zero", "0." + "0".repeat(MANY) + "1", "1"),
        event("a price of nine after nine", "1." + "9".repeat(MANY), "1"),
        event("a price of many zeros", "0." + "0".repeat(MANY), "1"),
        event("a negative exponent", "1e-999999999", "1"),
        new Hostile(
            "a long quantity", text("1", "9".repeat(MANY)), Reason.OUT_OF_RANGE, "quantity"),
        new Hostile(
            "a quantity with a fraction",
            text("1", "9".repeat(MANY) + ".0"),
            Reason.WRONG_TYPE,
            "quantity"),
        new Hostile("many names", "{" + "\"a\":1,".repeat(MANY) + "}", Reason.NOT_JSON, null),
        new Hostile(
            "a long name",
            "{\"" + "\\u0041".repeat(MANY) + "\":1}",
            Reason.MISSING_FIELD,
            "event_id"),
        new Hostile(
            "escapes", "[\"" + "\\ud83d\\ude00".repeat(MANY) + "\"]", Reason.NOT_OBJECT, null),
        new Hostile("white space", " ".repeat(MANY), Reason.NOT_JSON, null));
  }

  private static Hostile withPrice(String price) {
    String name = price.length() < 30 ? price : price.substring(0, 12) + "...";
    return new Hostile("price " + name, text(price, "1"), Reason.OUT_OF_RANGE, "quantity");
  }

  private static Hostile event(String name, String price, String quantity) {
    return new Hostile(name, text(price, quantity), null, null);
  }

  private static String text(String price, String quantity) {
    return "{\"event_id\":\"e\",\"user_id\":\"u\",\"session_id\":\"s\",\"product_id\":\"p\","
        + "\"category\":\"c\",\"action\":\"view\",\"timestamp\":1,\"price\":"
        + price
        + ",\"quantity\":"
        + quantity
        + "}";
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void costsNoMoreThanItsLength(Hostile given) {
    byte[] record = given.text().getBytes(StandardCharsets.US_ASCII);
    EventParser parser = new EventParser();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    TestingVerdict verdict = TestingVerdict.of(parser.parse(record, Long.MAX_VALUE));
    long allocated = threads.getThreadAllocatedBytes(thread) - before;
    assertEquals(given.reason(), verdict.reason());
    assertEquals(given.field(), verdict.field());
    // The decoded form of a name needs its length; two bits a level; some objects.
    assertTrue(allocated < 2L * record.length + 100_000, () -> allocated + " bytes");
  }

  @Test
  void manyNamesThatAreEscapedAreLinearToo() {
    String member = "\"\\u0070rice\":" + "1" + ",";
    byte[] record =
        ("{" + member.repeat(MANY / 10) + "\"x\":1}").getBytes(StandardCharsets.US_ASCII);
    assertEquals(
        TestingVerdict.refused(Reason.MISSING_FIELD, "event_id"),
        TestingVerdict.of(new EventParser().parse(record, Long.MAX_VALUE)));
  }
}
