package io.flinkblocks.global;

import static io.flinkblocks.global.TestingGlobal.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flinkblocks.ordered.TestingOrdered;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When the window fires, and with what; in its operator. */
class GlobalLogicTest {
  private static final long T = 1_700_000_000_000L;
  private static final long TIMEOUT = 300_000;

  private TestingOrdered window;

  @AfterEach
  void close() {
    if (window != null) {
      window.close();
    }
  }

  private void open(long triggerCount) throws Exception {
    window = TestingGlobal.operator(triggerCount).open();
  }

  /** Sends an event of product "p", and lets the watermark reach it. */
  private List<String> send(long after, String price) throws Exception {
    window.send(event("p", "e", T + after, price));
    return advance(after);
  }

  private List<String> advance(long after) throws Exception {
    window.watermark(T + after);
    return brief(window.take());
  }

  /** What fired, times after T, count: {@code count 0..7 #3}; and the prices. */
  private static List<String> brief(List<String> values) {
    List<String> brief = new ArrayList<>();
    for (String value : values) {
      String[] fields = value.replaceAll("[{}\"]|[a-z_]+\":", "").split(",");
      long from = Long.parseLong(fields[2]) - T;
      long to = Long.parseLong(fields[3]) - T;
      brief.add(
          "%s %d..%d #%s %s %s %s"
              .formatted(fields[1], from, to, fields[4], fields[5], fields[6], fields[7]));
    }
    return brief;
  }

  @Test
  void aRecordTellsAllOfItsFiring() throws Exception {
    open(3);
    String product = "\u00fc\"p";
    window.send(event(product, "a", T, "1"));
    window.send(event(product, "b", T, "0.000001"));
    window.send(event(product, "c", T + 7, "2.014999"));
    window.watermark(T + 7);
    // The mean is 1.005: half-up.
    assertEquals(
        List.of(
            "{\"product_id\":\"\u00fc\\\"p\",\"fired_by\":\"count\",\"from\":1700000000000,"
                + "\"to\":1700000000007,\"count\":3,\"avg_price\":1.01,\"min_price\":0.000001,"
                + "\"max_price\":2.014999}"),
        window.take());
  }

  @Test
  void everySoManyEventsFireAndStay() throws Exception {
    open(2);
    assertEquals(List.of(), send(0, "1"));
    assertEquals(List.of("count 0..1 #2 1.50 1.00 2.00"), send(1, "2"));
    assertEquals(List.of(), send(2, "9"));
    assertEquals(List.of("count 0..3 #4 3.00 0.00 9.00"), send(3, "0"));
  }

  @Test
  void aTimeoutIsDueExactlyFiveMinutesAfterTheFirstThatWaits() throws Exception {
    open(50);
    send(0, "1");
    send(10, "3");
    assertEquals(List.of(), advance(TIMEOUT - 1));
    assertEquals(List.of("timeout 0..10 #2 2.00 1.00 3.00"), advance(TIMEOUT));
    assertEquals(List.of(), advance(TIMEOUT + 10)); // Nothing waits.
    assertEquals(List.of(), send(TIMEOUT + 11, "5"));
    assertEquals(List.of("timeout 0..300011 #3 3.00 1.00 5.00"), advance(2 * TIMEOUT + 11));
  }

  @Test
  void whatComesAtTheTimeOfTheTimeoutIsNotInIt() throws Exception {
    open(50);
    send(0, "1");
    window.send(event("p", "before", T + TIMEOUT - 1, "3"));
    window.send(event("p", "at", T + TIMEOUT, "7"));
    assertEquals(List.of("timeout 0..299999 #2 2.00 1.00 3.00"), advance(TIMEOUT));
    // It is the first that waits for the next.
    assertEquals(List.of(), advance(2 * TIMEOUT - 1));
    assertEquals(List.of("timeout 0..300000 #3 3.67 1.00 7.00"), advance(2 * TIMEOUT));
  }

  @Test
  void aTimeoutComesBeforeTheEventThatWouldHaveCompletedTheCount() throws Exception {
    open(3);
    send(0, "1");
    send(10, "1");
    assertEquals(List.of("timeout 0..10 #2 1.00 1.00 1.00"), send(TIMEOUT, "4"));
    assertEquals(List.of(), send(TIMEOUT + 1, "4")); // The second that waits.
    assertEquals(List.of("count 0..300002 #5 2.80 1.00 4.00"), send(TIMEOUT + 2, "4"));
  }

  @Test
  void aFiringByCountTakesTheTimeoutWithIt() throws Exception {
    open(3);
    send(0, "1");
    send(10, "1");
    assertEquals(List.of("count 0..299999 #3 1.00 1.00 1.00"), send(TIMEOUT - 1, "1"));
    assertEquals(List.of(), advance(TIMEOUT));
    assertEquals(List.of(), send(TIMEOUT + 5, "1"));
    assertEquals(List.of("timeout 0..300005 #4 1.00 1.00 1.00"), advance(2 * TIMEOUT + 5));
  }

  @Test
  void anEventExactlyTenMinutesOldIsEvicted() throws Exception {
    open(1);
    assertEquals(List.of("count 0..0 #1 1.00 1.00 1.00"), send(0, "1"));
    assertEquals(List.of("count 0..1 #2 1.50 1.00 2.00"), send(1, "2"));
    assertEquals(List.of("count 0..599999 #3 2.00 1.00 3.00"), send(599_999, "3"));
    assertEquals(List.of("count 1..600000 #3 3.00 2.00 4.00"), send(600_000, "4"));
    assertEquals(List.of("count 599999..600001 #3 4.00 3.00 5.00"), send(600_001, "5"));
  }

  @Test
  void theNewestEventDecidesWhatIsEvictedNotTheTimeOfTheTimeout() throws Exception {
    open(2);
    send(0, "1");
    send(1, "1");
    send(599_999, "4");
    // Fires almost fifteen minutes after the first, which is less than ten older than the last.
    assertEquals(List.of("timeout 0..599999 #3 2.00 1.00 4.00"), advance(899_999));
  }

  @Test
  void fiveHundredAreKept() throws Exception {
    open(1);
    for (int i = 0; i < 500; i++) {
      send(i, i == 0 ? "10" : i == 1 ? "0" : "4");
    }
    assertEquals(List.of("count 1..500 #500 4.00 0.00 8.00"), send(500, "8"));
    assertEquals(List.of("count 2..501 #500 4.01 4.00 8.00"), send(501, "4"));
  }

  @Test
  void aCountBeyondTheFiveHundredGoesOn() throws Exception {
    open(700);
    List<String> fired = new ArrayList<>();
    for (int i = 1; i <= 1_500; i++) {
      fired.addAll(send(i, "1"));
    }
    assertEquals(
        List.of("count 201..700 #500 1.00 1.00 1.00", "count 901..1400 #500 1.00 1.00 1.00"),
        fired);
    // The first that waits is among those kept; of 600 it would not be.
    assertEquals(List.of("timeout 1001..1500 #500 1.00 1.00 1.00"), advance(TIMEOUT + 1_401));
    for (int i = 0; i < 600; i++) {
      send(400_000 + i, "1");
    }
    assertEquals(List.of(), advance(400_000 + TIMEOUT - 1));
    assertEquals(List.of("timeout 400100..400599 #500 1.00 1.00 1.00"), advance(400_000 + TIMEOUT));
  }

  @Test
  void theHighestPricesAreAddedExactly() throws Exception {
    open(500);
    for (int i = 0; i < 499; i++) {
      send(i, "1000000000");
    }
    assertEquals(
        List.of("count 0..499 #500 998000000.00 0.000001 1000000000.00"), send(499, "0.000001"));
  }

  @Test
  void eventsOfOneTimeComeByIdAndThenByTheirBytes() throws Exception {
    open(1);
    window.send(event("p", "\u00fc", T, "5"));
    window.send(event("p", "z", T, "20"));
    window.send(event("p", "z", T, "10"));
    window.send(event("p", "b", T, "4"));
    window.send(event("p", "B", T, "6"));
    assertEquals(
        List.of(
            "count 0..0 #1 6.00 6.00 6.00",
            "count 0..0 #2 5.00 4.00 6.00",
            "count 0..0 #3 6.67 4.00 10.00",
            "count 0..0 #4 10.00 4.00 20.00",
            "count 0..0 #5 9.00 4.00 20.00"),
        advance(0));
  }

  @Test
  void noWindowFiresAfterNoEvents() {
    assertThrows(IllegalArgumentException.class, () -> new GlobalLogic(0));
  }
}
