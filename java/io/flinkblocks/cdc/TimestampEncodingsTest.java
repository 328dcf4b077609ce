package io.flinkblocks.cdc;

import static io.flinkblocks.cdc.TestingSchema.STRING;
import static io.flinkblocks.cdc.TestingSchema.connectTimestamp;
import static io.flinkblocks.cdc.TestingSchema.time;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A timestamp in each form that the connector and the converter can be set to. */
class TimestampEncodingsTest {
  private static final String WRONG_TYPE = "wrong_type";
  private static final String OUT_OF_RANGE = "out_of_range";
  private static final String ZONED = time("string", "ZonedTimestamp");
  private static final String ISO = time("string", "IsoTimestamp");
  private static final String MILLIS = time("int64", "Timestamp");
  private static final String MICROS = time("int64", "MicroTimestamp");
  private static final String NANOS = time("int64", "NanoTimestamp");
  private static final String STRUCTURED = time("struct", "StructuredZonedTimestamp");

  private final ChangeParser parser = new ChangeParser();

  static Stream<Arguments> encodings() {
    return Stream.of(
        // timestamptz, in each precision mode but one; isostring
        arguments("'2026-01-31T10:20:30.123456Z'", null, "2026-01-31T10:20:30.123456Z"),
        arguments("'2026-01-31T10:20:30.123456Z'", ZONED, "2026-01-31T10:20:30.123456Z"),
        arguments("'2026-01-31T10:20:30.123456Z'", ISO, "2026-01-31T10:20:30.123456Z"),
        arguments("'2026-01-31T10:20:30.123456Z'", STRING, "2026-01-31T10:20:30.123456Z"),
        arguments("'2026-01-31T10:20:30Z'", null, "2026-01-31T10:20:30Z"),
        arguments("'2026-01-31T10:20:30.5Z'", null, "2026-01-31T10:20:30.5Z"),
        arguments("'2026-01-31T10:20:30.120000Z'", null, "2026-01-31T10:20:30.12Z"),
        arguments("'2026-01-31T10:20:30.000Z'", null, "2026-01-31T10:20:30Z"),
        arguments("'2026-01-31T10:20:30.1234567Z'", null, "2026-01-31T10:20:30.123456Z"),
        arguments("'2026-01-31T10:20:30.999999999Z'", null, "2026-01-31T10:20:30.999999Z"),
        arguments("'2026-01-31T10:20:30+02:00'", null, "2026-01-31T08:20:30Z"),
        arguments("'2026-01-31T23:20:30.5-01:30'", null, "2026-02-01T00:50:30.5Z"),
        arguments("'2026-01-31T10:20:30+00:00'", null, "2026-01-31T10:20:30Z"),
        arguments("'2024-02-29T00:00:00Z'", null, "2024-02-29T00:00:00Z"),
        arguments("'0001-01-01T00:00:00Z'", null, "0001-01-01T00:00:00Z"),
        arguments("'9999-12-31T23:59:59.999999Z'", null, "9999-12-31T23:59:59.999999Z"),
        arguments("'\\u0032026-01-31T10:20:30\\u005a'", null, "2026-01-31T10:20:30Z"),
        arguments("'2026-01-31T10:20:30'", null, WRONG_TYPE),
        arguments("'2026-01-31T10:20:30'", ISO, WRONG_TYPE),
        arguments("'2026-01-31T10:20Z'", null, WRONG_TYPE),
        arguments("'2026-01-31 10:20:30Z'", null, WRONG_TYPE),
        arguments("'2026-01-31T10:20:30.Z'", null, WRONG_TYPE),
        arguments("'2026-01-31T10:20:30z'", null, WRONG_TYPE),
        arguments("'2026-01-31T10:20:30+02'", null, WRONG_TYPE),
        arguments("'2026-01-31T10:20:30+0200'", null, WRONG_TYPE),
        arguments("'2026-01-31T10:20:30+24:00'", null, WRONG_TYPE),
        arguments("'2026-01-31T10:20:30+02:60'", null, WRONG_TYPE),
        arguments("'2026-01-31T10:20:30Z '", null, WRONG_TYPE),
        arguments("'2025-02-29T00:00:00Z'", null, WRONG_TYPE),
        arguments("'2026-00-31T10:20:30Z'", null, WRONG_TYPE),
        arguments("'2026-13-31T10:20:30Z'", null, WRONG_TYPE),
        arguments("'2026-04-31T10:20:30Z'", null, WRONG_TYPE),
        arguments("'2026-01-00T10:20:30Z'", null, WRONG_TYPE),
        arguments("'2026-01-31T24:00:00Z'", null, WRONG_TYPE),
        arguments("'2026-01-31T23:60:00Z'", null, WRONG_TYPE),
        arguments("'2026-01-31T23:59:60Z'", null, WRONG_TYPE),
        arguments("'0000-12-31T23:59:59Z'", null, WRONG_TYPE),
        arguments("'0001-01-01T00:00:00+00:01'", null, WRONG_TYPE),
        arguments("'9999-12-31T23:59:59-00:01'", null, WRONG_TYPE),
        arguments("'+12026-01-31T10:20:30Z'", null, WRONG_TYPE),
        arguments("'-2026-01-31T10:20:30Z'", null, WRONG_TYPE),
        arguments("'infinity'", ZONED, WRONG_TYPE),
        arguments("'-infinity'", null, WRONG_TYPE),
        arguments("'2026-01-31'", null, WRONG_TYPE),
        arguments("''", null, WRONG_TYPE),
        // adaptive, connect, microseconds, nanoseconds
        arguments("1769854830123", MILLIS, "2026-01-31T10:20:30.123Z"),
        arguments("1769854830123", connectTimestamp(), "2026-01-31T10:20:30.123Z"),
        arguments("1769854830123456", MICROS, "2026-01-31T10:20:30.123456Z"),
        arguments("1769854830123456789", NANOS, "2026-01-31T10:20:30.123456Z"),
        arguments("0", MILLIS, "1970-01-01T00:00:00Z"),
        arguments("-0", MICROS, "1970-01-01T00:00:00Z"),
        arguments("-1", MILLIS, "1969-12-31T23:59:59.999Z"),
        arguments("-1", NANOS, "1969-12-31T23:59:59.999999Z"),
        arguments("-62135596800000", MILLIS, "0001-01-01T00:00:00Z"),
        arguments("-62135596800001", MILLIS, OUT_OF_RANGE),
        arguments("253402300799999999", MICROS, "9999-12-31T23:59:59.999999Z"),
        arguments("253402300800000000", MICROS, OUT_OF_RANGE),
        arguments("9223372036854775807", MILLIS, OUT_OF_RANGE),
        arguments("-9223372036854775808", MILLIS, OUT_OF_RANGE),
        arguments("9223372036854775808", MICROS, WRONG_TYPE),
        arguments("1769854830123", null, WRONG_TYPE),
        arguments("1769854830123", ZONED, WRONG_TYPE),
        arguments("1769854830.5", MILLIS, WRONG_TYPE),
        arguments("1e9", MILLIS, WRONG_TYPE),
        arguments("'1769854830123'", MILLIS, WRONG_TYPE),
        // structured
        arguments(structured("0", "0"), STRUCTURED, "2026-01-31T10:20:30Z"),
        arguments(structured("123456789", "7200"), null, "2026-01-31T08:20:30.123456Z"),
        arguments(structured("null", "null"), STRUCTURED, "2026-01-31T10:20:30Z"),
        arguments(structured("0", "64801"), STRUCTURED, WRONG_TYPE),
        arguments(structured("1000000000", "0"), STRUCTURED, WRONG_TYPE),
        arguments(structured("0", "0").replace("2026", "10000"), STRUCTURED, OUT_OF_RANGE),
        arguments(structured("0", "0").replace("31", "32"), STRUCTURED, WRONG_TYPE),
        arguments(structured("0", "0").replace("31", "'31'"), STRUCTURED, WRONG_TYPE),
        arguments(structured("0", "0").replace("'hour':10,", ""), STRUCTURED, WRONG_TYPE),
        arguments("{'specialValue':'POSITIVE_INFINITY'}", STRUCTURED, WRONG_TYPE),
        // neither
        arguments("true", MILLIS, WRONG_TYPE),
        arguments("[]", null, WRONG_TYPE));
  }

  private static String structured(String nanos, String offset) {
    return "{'year':2026,'month':1,'day':31,'hour':10,'minute':20,'second':30,'nanos':%s,"
            .formatted(nanos)
        + "'offsetSeconds':%s,'zoneId':null,'specialValue':null,'precision':6}".formatted(offset);
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void canonicalTimestamp(String value, String schema, String expected) {
    boolean refused = expected.equals(WRONG_TYPE) || expected.equals(OUT_OF_RANGE);
    assertEquals(refused ? expected : '"' + expected + '"', canonical(value, schema));
  }

  @Property(tries = 500)
  void everyFormOfATimestampIsTheSame(
      @ForAll @LongRange(min = -62_135_510_400L, max = 253_402_214_400L) long second,
      @ForAll @IntRange(max = 999_999) int micros,
      @ForAll @IntRange(min = -18 * 60, max = 18 * 60) int offsetMinutes) {
    Instant instant = Instant.ofEpochSecond(second, 1_000L * micros);
    OffsetDateTime utc = instant.atOffset(ZoneOffset.UTC);
    OffsetDateTime local = instant.atOffset(ZoneOffset.ofTotalSeconds(60 * offsetMinutes));
    String expected = '"' + DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(utc) + '"';
    assertEquals(expected, canonical(quoted(utc, ""), null));
    assertEquals(expected, canonical(quoted(local, ""), ZONED));
    assertEquals(expected, canonical(quoted(local, ".SSSSSS"), ISO));
    assertEquals(expected, canonical(quoted(utc, ".SSSSSSSSS"), null));
    assertEquals(expected, canonical(Long.toString(second * 1_000_000 + micros), MICROS));
    String millis = canonical(Long.toString(instant.toEpochMilli()), MILLIS);
    assertEquals(canonical(quoted(utc, ".SSS"), null), millis);
  }

  private static String quoted(OffsetDateTime time, String fraction) {
    DateTimeFormatter formatter =
        fraction.isEmpty()
            ? DateTimeFormatter.ISO_OFFSET_DATE_TIME
            : DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss" + fraction + "XXX");
    return "'" + formatter.format(time) + "'";
  }

  /** What comes of a value of orders.created_at: its canonical form, or the reason. */
  private String canonical(String value, String schema) {
    String row = "{\"id\":1,\"created_at\":" + value.replace('\'', '"') + "}";
    String envelope = "{\"after\":" + row + ",\"source\":{\"table\":\"orders\"},\"op\":\"c\"}";
    String record = TestingSchema.around(envelope, "created_at", schema);
    ChangeRecord parsed = parser.parseLine(record.getBytes(StandardCharsets.UTF_8));
    if (parsed instanceof Refused refused) {
      assertEquals("after.created_at", refused.letter().field());
      return refused.letter().reason().label();
    }
    return new String(((Change) parsed).after().value("created_at"), StandardCharsets.UTF_8);
  }
}
