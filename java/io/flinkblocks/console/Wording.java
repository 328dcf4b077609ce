package io.flinkblocks.console;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers as people read them; what is not known is a dash. */
final class Wording {
  static final String UNKNOWN = "-";

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

  /** A whole number with thousands separated. */
  static String count(Long number) {
    return number == null ? UNKNOWN : format("%,d", number);
  }

  /** Records per second; one decimal below ten. */
  static String rate(Double perSecond) {
    if (perSecond == null) {
      return UNKNOWN;
    }
    return format(perSecond >= 10 || perSecond == 0 ? "%,.0f/s" : "%.1f/s", perSecond);
  }

  /** A length of time in ms as hours, minutes, seconds: 00:01:05. */
  static String clock(Long ms) {
    if (ms == null) {
      return UNKNOWN;
    }
    long seconds = Math.max(ms, 0) / 1000;
    return format("%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  /**
   * A length of time in ms with its one or two largest units: 40 ms, 4.2 s, 2 min 5 s, 412 days.
   */
  static String span(Long ms) {
    if (ms == null) {
      return UNKNOWN;
    }
    if (ms < 0) {
      return "-" + span(ms == Long.MIN_VALUE ? Long.MAX_VALUE : -ms);
    }
    if (ms > 0 && ms < 1000) {
      return ms + " ms";
    }
    if (ms < 59_950) {
      return format(ms % 1000 == 0 ? "%.0f s" : "%.1f s", ms / 1000.0);
    }
    long seconds = Math.round(ms / 1000.0);
    if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    if (seconds < 86_400) {
      return seconds / 3600 + " h " + seconds / 60 % 60 + " min";
    }
    return plural(seconds / 86_400, "day");
  }

  /** Bytes in decimal units. */
  static String size(Long bytes) {
    if (bytes == null) {
      return UNKNOWN;
    }
    double value = bytes;
    int unit = 0;
    while (Math.abs(value) >= 999.5 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    return format(unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
  }

  /** A ratio as percent. */
  static String share(Double ratio) {
    return ratio == null ? UNKNOWN : format("%.0f%%", ratio * 100);
  }

  /** A time in UTC to the second; what no calendar says stays milliseconds. */
  static String instant(Long ms) {
    if (ms == null) {
      return UNKNOWN;
    }
    try {
      return SECONDS.format(Instant.ofEpochMilli(ms));
    } catch (DateTimeException e) {
      return ms + " ms";
    }
  }

  /** A count with its noun: 1 restart, 2 restarts. */
  static String plural(long number, String noun) {
    return format("%,d %s%s", number, noun, number == 1 ? "" : "s");
  }

  /** The same on every machine, whatever its language. */
  static String format(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }

  private Wording() {}
}
