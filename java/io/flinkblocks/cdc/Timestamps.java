package io.flinkblocks.cdc;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;

/** Timestamps of the years 1 to 9999, as text with an offset and as microseconds. */
final class Timestamps {
  /** Instead of microseconds: the text is no timestamp. */
  static final long MALFORMED = Long.MIN_VALUE;

  /** Instead of microseconds: the time is not of the years 1 to 9999. */
  static final long OUT_OF_RANGE = Long.MIN_VALUE + 1;

  private static final long SECOND = 1_000_000;
  private static final long DAY = 86_400 * SECOND;
  private static final long FIRST = LocalDate.of(1, 1, 1).toEpochDay() * DAY;
  private static final long END = LocalDate.of(10_000, 1, 1).toEpochDay() * DAY;

  // Lengths of 2026-01-31T12:34:56, of that with Z, and of that with six decimals.
  private static final int SECONDS_LENGTH = 19;
  private static final int SHORTEST = 20;
  private static final int LONGEST_CANONICAL = 27;

  /**
   * The microseconds since the epoch that a text of the form {@code
   * YYYY-MM-DDTHH:MM:SS[.fraction](Z|+HH:MM|-HH:MM)} tells; of more than six decimals those behind
   * are cut off.
   *
   * @return the microseconds, or {@link #MALFORMED}
   */
  static long micros(byte[] data, int start, int end) {
    if (end - start < SHORTEST || !isDateAndTime(data, start)) {
      return MALFORMED;
    }
    int zone = fractionEnd(data, start + SECONDS_LENGTH, end);
    long offset = offset(data, zone, end);
    if (offset == MALFORMED) {
      return MALFORMED;
    }
    LocalDate day = LocalDate.of(year(data, start), two(data, start + 5), two(data, start + 8));
    int minutes = 60 * two(data, start + 11) + two(data, start + 14);
    long micros =
        day.toEpochDay() * DAY
            + (60 * minutes + two(data, start + 17)) * SECOND
            + fraction(data, start + SECONDS_LENGTH, zone)
            - offset;
    return inRange(micros) == micros ? micros : MALFORMED;
  }

  /** Whether a text is a timestamp as {@link #text} writes it: then it need not change. */
  static boolean isCanonical(byte[] data, int start, int end) {
    int length = end - start;
    boolean shortest =
        length == SHORTEST
            || SHORTEST < length && length <= LONGEST_CANONICAL && data[end - 2] != '0';
    return shortest
        && data[end - 1] == 'Z'
        && isDateAndTime(data, start)
        && year(data, start) >= 1
        && fractionEnd(data, start + SECONDS_LENGTH, end) == end - 1;
  }

  /** A time in microseconds since the epoch if it has a text, else {@link #OUT_OF_RANGE}. */
  static long inRange(long micros) {
    return FIRST <= micros && micros < END ? micros : OUT_OF_RANGE;
  }

  /** The shortest text of a time that is in range, in UTC, to the second at least. */
  static String text(long micros) {
    long seconds = Math.floorDiv(micros, SECOND);
    int nanos = 1_000 * (int) Math.floorMod(micros, SECOND);
    LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, nanos, ZoneOffset.UTC);
    return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time) + "Z";
  }

  private static boolean isDateAndTime(byte[] data, int start) {
    return data[start + 4] == '-'
        && data[start + 7] == '-'
        && data[start + 10] == 'T'
        && data[start + 13] == ':'
        && data[start + 16] == ':'
        && two(data, start) >= 0
        && two(data, start + 2) >= 0
        && isDay(year(data, start), two(data, start + 5), two(data, start + 8))
        && isTime(two(data, start + 11), two(data, start + 14))
        && isWithin(two(data, start + 17), 59);
  }

  private static int year(byte[] data, int start) {
    return 100 * two(data, start) + two(data, start + 2);
  }

  private static boolean isDay(int year, int month, int day) {
    return 1 <= month
        && month <= 12
        && 1 <= day
        && day <= Month.of(month).length(IsoChronology.INSTANCE.isLeapYear(year));
  }

  private static boolean isTime(int hour, int minute) {
    return isWithin(hour, 23) && isWithin(minute, 59);
  }

  private static boolean isWithin(int value, int largest) {
    return 0 <= value && value <= largest;
  }

  /** Where a fraction that starts here ends; here when there is none. */
  private static int fractionEnd(byte[] data, int point, int end) {
    if (data[point] != '.') {
      return point;
    }
    int at = point + 1;
    while (at < end && isDigit(data[at])) {
      at++;
    }
    return at == point + 1 ? point : at;
  }

  private static long fraction(byte[] data, int point, int end) {
    long micros = 0;
    long digit = SECOND / 10;
    for (int i = point + 1; i < end && digit > 0; i++) {
      micros += digit * (data[i] - '0');
      digit /= 10;
    }
    return micros;
  }

  /** The microseconds that local time is ahead of UTC. */
  private static long offset(byte[] data, int at, int end) {
    if (end - at == 1 && data[at] == 'Z') {
      return 0;
    }
    if (end - at != 6 || data[at + 3] != ':' || data[at] != '+' && data[at] != '-') {
      return MALFORMED;
    }
    int hour = two(data, at + 1);
    int minute = two(data, at + 4);
    if (!isTime(hour, minute)) {
      return MALFORMED;
    }
    long offset = (hour * 60 + minute) * 60 * SECOND;
    return data[at] == '-' ? -offset : offset;
  }

  /** The number of two digits; below zero when there is anything else. */
  private static int two(byte[] data, int at) {
    return isDigit(data[at]) && isDigit(data[at + 1])
        ? 10 * (data[at] - '0') + (data[at + 1] - '0')
        : -1;
  }

  private static boolean isDigit(byte b) {
    return '0' <= b && b <= '9';
  }

  private Timestamps() {}
}
