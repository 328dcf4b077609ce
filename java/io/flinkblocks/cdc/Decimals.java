package io.flinkblocks.cdc;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * Decimal numbers in text, as exact amounts in millionths. Time is linear in the length, however
 * large an exponent is.
 */
final class Decimals {
  /** Instead of an amount: the text is no number. */
  static final long MALFORMED = Long.MIN_VALUE;

  /** Instead of an amount: the number has more than 6 decimals, or is 10^12 or more. */
  static final long OUT_OF_RANGE = Long.MIN_VALUE + 1;

  private static final int SCALE = 6;
  private static final int MAX_DIGITS = 18;
  private static final int CENTS = 2;

  // An exponent beyond it outweighs the digits of every array, and adding their number is safe.
  private static final long EXPONENT_LIMIT = 1L << 40;

  private static final long[] POWERS = new long[MAX_DIGITS + 1];

  static {
    POWERS[0] = 1;
    for (int i = 1; i <= MAX_DIGITS; i++) {
      POWERS[i] = 10 * POWERS[i - 1];
    }
  }

  /**
   * The millionths of a number: digits, with a sign, a fraction and an exponent or without them.
   *
   * @return the amount, {@link #MALFORMED} or {@link #OUT_OF_RANGE}
   */
  static long micros(byte[] data, int start, int end) {
    boolean signed = start < end && (data[start] == '-' || data[start] == '+');
    int first = signed ? start + 1 : start;
    int point = digitsEnd(data, first, end);
    int mantissaEnd = point;
    if (point < end && data[point] == '.') {
      mantissaEnd = digitsEnd(data, point + 1, end);
      if (mantissaEnd == point + 1) {
        return MALFORMED;
      }
    }
    if (point == first || !isExponent(data, mantissaEnd, end)) {
      return MALFORMED;
    }
    int last = mantissaEnd - 1;
    while (last >= first && (data[last] == '0' || data[last] == '.')) {
      last--;
    }
    while (first < last && (data[first] == '0' || data[first] == '.')) {
      first++;
    }
    if (last < first) {
      return 0;
    }
    // What the last digit that counts is worth, as a power of ten in millionths.
    long power = (last < point ? point - 1 - last : point - last) + SCALE;
    long micros = value(data, first, last, power + exponent(data, mantissaEnd, end));
    return micros != OUT_OF_RANGE && data[start] == '-' ? -micros : micros;
  }

  /** As for a text, for what precise decimals are made of: unscaled x 10^-scale. */
  static long micros(BigInteger unscaled, long scale) {
    byte[] text = (unscaled + "E" + -scale).getBytes(StandardCharsets.US_ASCII);
    return micros(text, 0, text.length);
  }

  /** Whether a text is an amount as results show it, with two decimals: then it need not change. */
  static boolean isCents(byte[] data, int start, int end) {
    int first = start < end && data[start] == '-' ? start + 1 : start;
    int point = end - CENTS - 1;
    int whole = point - first;
    return whole >= 1
        && whole <= MAX_DIGITS - SCALE
        && data[point] == '.'
        && digitsEnd(data, first, point) == point
        && digitsEnd(data, point + 1, end) == end
        && (data[first] != '0' || whole == 1 && first == start);
  }

  private static long value(byte[] data, int first, int last, long power) {
    if (last - first > MAX_DIGITS) {
      return OUT_OF_RANGE;
    }
    long value = 0;
    int digits = 0;
    for (int i = first; i <= last; i++) {
      if (data[i] != '.') {
        value = value * 10 + (data[i] - '0');
        digits++;
      }
    }
    return power < 0 || digits + power > MAX_DIGITS ? OUT_OF_RANGE : value * POWERS[(int) power];
  }

  private static boolean isExponent(byte[] data, int mark, int end) {
    if (mark == end) {
      return true;
    }
    if ((data[mark] | 0x20) != 'e') {
      return false;
    }
    int first = exponentDigits(data, mark, end);
    return first < end && digitsEnd(data, first, end) == end;
  }

  private static int exponentDigits(byte[] data, int mark, int end) {
    int next = mark + 1;
    return next < end && (data[next] == '-' || data[next] == '+') ? next + 1 : next;
  }

  private static long exponent(byte[] data, int mark, int end) {
    if (mark == end) {
      return 0;
    }
    long value = 0;
    for (int i = exponentDigits(data, mark, end); i < end && value < EXPONENT_LIMIT; i++) {
      value = value * 10 + (data[i] - '0');
    }
    return data[mark + 1] == '-' ? -value : value;
  }

  private static int digitsEnd(byte[] data, int from, int end) {
    int at = from;
    while (at < end && '0' <= data[at] && data[at] <= '9') {
      at++;
    }
    return at;
  }

  private Decimals() {}
}
