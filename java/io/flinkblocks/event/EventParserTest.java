package io.flinkblocks.event;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventParserTest {
  private static final byte[] PURCHASE =
      """
      {"event_id": "e1", "user_id": "u1", "session_id": "s1", "product_id": "p\\u0031",
       "category": "books", "action": "purchase", "price": 12.5, "quantity": 2,
       "timestamp": 1750000000000, "metadata": {"ip_address": "10.0.0.1"}}
      """
          .getBytes(StandardCharsets.UTF_8);

  private final EventParser parser = new EventParser();

  static List<TestingCase> cases() {
    return TestingCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void verdictOfTheContract(TestingCase given) {
    SourceRecord record = parser.parse(given.input(), given.latestTimestamp());
    assertEquals(given.verdict(), TestingVerdict.of(record));
    if (record instanceof DeadLetter letter) {
      assertSame(given.input(), letter.value());
      assertNull(letter.origin());
    } else {
      assertArrayEquals(given.input(), ((Event) record).raw());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theReferenceAgrees(TestingCase given) {
    assertEquals(
        given.verdict(), TestingReferenceParser.parse(given.input(), given.latestTimestamp()));
  }

  @Test
  void everyReasonHasACase() {
    Set<DeadLetter.Reason> seen =
        cases().stream()
            .map(given -> given.verdict().reason())
            .filter(reason -> reason != null)
            .collect(Collectors.toSet());
    assertEquals(EnumSet.allOf(DeadLetter.Reason.class), seen);
  }

  @Test
  void anEventTellsItsFields() {
    Event event = assertInstanceOf(Event.class, parser.parse(PURCHASE, Long.MAX_VALUE));
    assertEquals("e1", event.eventId());
    assertEquals("u1", event.userId());
    assertEquals("s1", event.sessionId());
    assertEquals("p1", event.productId());
    assertEquals("books", event.category());
    assertEquals(Action.PURCHASE, event.action());
    assertEquals("10.0.0.1", event.string(Event.IP_ADDRESS));
    assertArrayEquals(new byte[] {'p', '1'}, event.bytes(Event.PRODUCT_ID));
    assertEquals(12_500_000, event.priceMicros());
    assertEquals(2, event.quantity());
    assertEquals(25_000_000, event.amountMicros());
    assertEquals(1_750_000_000_000L, event.timestamp());
    assertArrayEquals(PURCHASE, event.raw());
  }

  @Test
  void everyActionIsRecognised() {
    for (Action action : Action.values()) {
      String text = action.name().toLowerCase(Locale.ROOT);
      byte[] record =
          new String(PURCHASE, StandardCharsets.UTF_8)
              .replace("purchase", text)
              .getBytes(StandardCharsets.UTF_8);
      Event event = assertInstanceOf(Event.class, parser.parse(record, Long.MAX_VALUE));
      assertEquals(action, event.action());
    }
  }

  @Test
  void nothingOfARecordStaysForTheNext() {
    parser.parse(PURCHASE, Long.MAX_VALUE);
    byte[] record =
        new String(PURCHASE, StandardCharsets.UTF_8)
            .replace("ip_address", "other")
            .getBytes(StandardCharsets.UTF_8);
    Event event = assertInstanceOf(Event.class, parser.parse(record, Long.MAX_VALUE));
    assertNull(event.string(Event.IP_ADDRESS));
    assertNull(event.bytes(Event.IP_ADDRESS));
    byte[] empty = "{}".getBytes(StandardCharsets.UTF_8);
    assertEquals(
        TestingVerdict.refused(DeadLetter.Reason.MISSING_FIELD, "event_id"),
        TestingVerdict.of(parser.parse(empty, Long.MAX_VALUE)));
  }
}
