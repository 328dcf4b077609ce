package io.flinkblocks.cdc;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Timestamps in each of the forms that Debezium and Kafka Connect give them. */
final class Times {
  private static final long MICROS_PER_MILLI = 1_000;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final long SECOND = 1_000_000;

  /**
   * The time that a JSON value tells.
   *
   * <ul>
   *   <li>a string: {@link Timestamps#micros(byte[], int, int)};
   *   <li>a number, in the unit that a schema names;
   *   <li>an object with {@code year}, {@code month}, {@code day}, {@code hour}, {@code minute},
   *       {@code second} and, unless they are 0, {@code nanos} and {@code offsetSeconds}.
   * </ul>
   *
   * @return microseconds since the epoch, {@link Timestamps#MALFORMED} or {@link
   *     Timestamps#OUT_OF_RANGE}
   */
  static long micros(byte[] data, int start, int end, Encoding encoding) {
    return switch (data[start]) {
      case '"' -> ofText(JsonValues.text(data, start, end));
      case '{' -> ofObject(JsonValues.object(data, start, end));
      default -> ofNumber(data, start, end, encoding);
    };
  }

  private static long ofText(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return Timestamps.micros(utf8, 0, utf8.length);
  }

  private static long ofNumber(byte[] data, int start, int end, Encoding encoding) {
    if (!Integers.isLong(data, start, end)) {
      return Timestamps.MALFORMED;
    }
    long value = Integers.value(data, start, end);
    return switch (encoding.kind()) {
      case MILLIS -> ofMillis(value);
      case MICROS -> Timestamps.inRange(value);
      case NANOS -> Timestamps.inRange(Math.floorDiv(value, NANOS_PER_MICRO));
      default -> Timestamps.MALFORMED;
    };
  }

  private static long ofMillis(long millis) {
    long micros = millis * MICROS_PER_MILLI;
    return micros / MICROS_PER_MILLI == millis
        ? Timestamps.inRange(micros)
        : Timestamps.OUT_OF_RANGE;
  }

  private static long ofObject(Row object) {
    if (object == null) {
      return Timestamps.MALFORMED;
    }
    try {
      OffsetDateTime time =
          OffsetDateTime.of(
              part(object, "year"),
              part(object, "month"),
              part(object, "day"),
              part(object, "hour"),
              part(object, "minute"),
              part(object, "second"),
              Math.toIntExact(object.integer("nanos")),
              ZoneOffset.ofTotalSeconds(Math.toIntExact(object.integer("offsetSeconds"))));
      return Timestamps.inRange(time.toEpochSecond() * SECOND + time.getNano() / NANOS_PER_MICRO);
    } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
      return Timestamps.MALFORMED;
    }
  }

  private static int part(Row object, String name) {
    if (object.isNull(name)) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return Math.toIntExact(object.integer(name));
  }

  private Times() {}
}
