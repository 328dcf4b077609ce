package io.flinkblocks.output;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.flinkblocks.event.DeadLetter;
import io.flinkblocks.event.DeadLetter.Header;
import io.flinkblocks.event.DeadLetter.Origin;
import io.flinkblocks.event.DeadLetter.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeadLettersTest {
  private static final byte[] VALUE = bytes("{\"price\":\"a\n\"}");

  @Test
  void ofKafkaKeepsValueKeyAndHeadersAndAddsItsOwn() {
    byte[] key = {0, -1};
    List<Header> original = List.of(new Header("trace", new byte[] {7}), new Header("none", null));
    DeadLetter letter =
        new DeadLetter(VALUE, Reason.WRONG_TYPE, "price", null)
            .from(new Origin("events", 3, 1L << 33, key, original));
    OutputRecord record = DeadLetters.toOutput(letter);
    assertEquals("dead-letter", record.output());
    assertSame(VALUE, record.value());
    assertSame(key, record.key());
    List<Header> expected = new ArrayList<>(original);
    expected.add(header("__connect.errors.topic", "events"));
    expected.add(header("__connect.errors.partition", "3"));
    expected.add(header("__connect.errors.offset", "8589934592"));
    expected.add(header("__connect.errors.stage", "VALUE_CONVERTER"));
    expected.add(header("__connect.errors.exception.message", "price has the wrong type"));
    expected.add(header("dlq.reason", "wrong_type"));
    expected.add(header("dlq.field", "price"));
    assertEquals(expected, record.headers());
  }

  @Test
  void ofAFileHasNoPlaceAndNoKey() {
    OutputRecord record = DeadLetters.toOutput(whole(VALUE, Reason.NOT_JSON));
    assertNull(record.key());
    assertArrayEquals(VALUE, record.value());
    assertEquals(
        List.of(
            header("__connect.errors.stage", "VALUE_CONVERTER"),
            header("__connect.errors.exception.message", "the record is not valid JSON"),
            header("dlq.reason", "not_json")),
        record.headers());
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void everyReasonHasItsName(Reason reason) {
    OutputRecord record = DeadLetters.toOutput(new DeadLetter(VALUE, reason, "action", null));
    assertEquals(
        "{\"reason\":\""
            + reason.name().toLowerCase(Locale.ROOT)
            + "\",\"field\":\"action\",\"value\":\"{\\\"price\\\":\\\"a\\n\\\"}\"}",
        line(record));
  }

  @Test
  void aLineSaysNullForWhatThereIsNot() {
    assertEquals(
        "{\"reason\":\"empty_record\",\"field\":null,\"value\":null}",
        line(DeadLetters.toOutput(whole(null, Reason.EMPTY_RECORD))));
    assertEquals(
        "{\"reason\":\"not_json\",\"field\":null,\"value\":\"\"}",
        line(DeadLetters.toOutput(whole(new byte[0], Reason.NOT_JSON))));
  }

  @Test
  void aLineHasBase64OnlyForBytesThatAreNoUtf8() {
    assertEquals(
        "{\"reason\":\"not_json\",\"field\":null,\"value_base64\":\"AP9h\"}",
        line(DeadLetters.toOutput(whole(new byte[] {0, -1, 'a'}, Reason.NOT_JSON))));
    assertEquals(
        "{\"reason\":\"not_json\",\"field\":null,\"value\":\"\\u0000\u00e9\\r\"}",
        line(DeadLetters.toOutput(whole(bytes("\0\u00e9\r"), Reason.NOT_JSON))));
  }

  @Test
  void aDeadLetterThatIsReadAgainShowsTheNewReason() {
    OutputRecord first =
        DeadLetters.toOutput(new DeadLetter(VALUE, Reason.WRONG_TYPE, "price", null));
    Origin origin = new Origin("events-dlq", 0, 0, null, first.headers());
    OutputRecord second = DeadLetters.toOutput(whole(VALUE, Reason.NOT_JSON).from(origin));
    assertEquals(first.headers(), second.headers().subList(0, first.headers().size()));
    assertEquals(
        "{\"reason\":\"not_json\",\"field\":null,\"value\":\"{\\\"price\\\":\\\"a\\n\\\"}\"}",
        line(second));
  }

  private static DeadLetter whole(byte[] value, Reason reason) {
    return new DeadLetter(value, reason, null, null);
  }

  private static Header header(String name, String value) {
    return new Header(name, bytes(value));
  }

  private static String line(OutputRecord record) {
    return new String(DeadLetters.toJsonLine(record), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
