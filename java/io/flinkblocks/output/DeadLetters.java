package io.flinkblocks.output;

import io.flinkblocks.event.DeadLetter;
import io.flinkblocks.event.DeadLetter.Header;
import io.flinkblocks.event.DeadLetter.Origin;
import io.flinkblocks.event.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The records of the dead-letter output: the original record, and headers that say why. */
public final class DeadLetters {
  // Names that Kafka Connect gave to its own dead letters; tools for Kafka show them.
  private static final String CONNECT = "__connect.errors.";
  private static final String STAGE = "VALUE_CONVERTER";
  private static final String REASON = "dlq.reason";
  private static final String FIELD = "dlq.field";

  /**
   * The dead letter as a Kafka record: value, key and headers are the original ones, and behind the
   * original headers come ours, all of them text.
   */
  public static OutputRecord toOutput(DeadLetter letter) {
    Origin origin = letter.origin();
    List<Header> headers = new ArrayList<>();
    if (origin != null) {
      headers.addAll(origin.headers());
      headers.add(header(CONNECT + "topic", origin.topic()));
      headers.add(header(CONNECT + "partition", Integer.toString(origin.partition())));
      headers.add(header(CONNECT + "offset", Long.toString(origin.offset())));
    }
    headers.add(header(CONNECT + "stage", STAGE));
    headers.add(header(CONNECT + "exception.message", message(letter)));
    // Last, in this order: a dead letter that was read as input has headers of the same names.
    headers.add(header(REASON, letter.reason().label()));
    if (letter.field() != null) {
      headers.add(header(FIELD, letter.field()));
    }
    byte[] key = origin == null ? null : origin.key();
    return new OutputRecord(OutputRecord.DEAD_LETTER, key, letter.value(), List.copyOf(headers));
  }

  /**
   * The dead letter as one line of a file, without the line feed: {@code {"reason", "field",
   * "value"}}, or {@code "value_base64"} when the bytes are not UTF-8; null for what there is not.
   *
   * @param record from {@link #toOutput}
   */
  public static byte[] toJsonLine(OutputRecord record) {
    String reason = null;
    String field = null;
    for (Header header : record.headers()) {
      if (header.name().equals(REASON)) {
        reason = text(header);
        field = null;
      } else if (header.name().equals(FIELD)) {
        field = text(header);
      }
    }
    JsonWriter json = new JsonWriter().begin().field("reason", reason).field("field", field);
    byte[] value = record.value();
    if (value == null || Utf8.isValid(value)) {
      json.field("value", value);
    } else {
      json.field("value_base64", Base64.getEncoder().encode(value));
    }
    return json.end();
  }

  private static String message(DeadLetter letter) {
    String field = letter.field();
    return switch (letter.reason()) {
      case EMPTY_RECORD -> "the record has no value";
      case NOT_JSON -> "the record is not valid JSON";
      case TOO_DEEP -> "the record is nested too deep";
      case NOT_OBJECT -> "the record is not a JSON object";
      case MISSING_FIELD -> field + " is missing";
      case WRONG_TYPE -> field + " has the wrong type";
      case EMPTY -> field + " is empty";
      case TOO_LONG -> field + " is too long";
      case OUT_OF_RANGE -> field + " is out of range";
      case TIMESTAMP_IN_FUTURE -> field + " is in the future";
    };
  }

  private static Header header(String name, String value) {
    return new Header(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Header header) {
    return header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }

  private DeadLetters() {}
}
