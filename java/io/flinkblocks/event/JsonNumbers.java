package io.flinkblocks.event;

/**
 * The values of JSON numbers that have been checked, in time linear in their length and without
 * memory, however large their exponents are.
 */
final class JsonNumbers {
  /** Decimals of an amount. */
  private static final int SCALE = 6;

  /** Stands for everything from here on: far outside every range that a field allows. */
  static final long HUGE = Long.MAX_VALUE;

  // No digit is taken in beyond this, so that neither one more nor rounding overflows.
  private static final long LIMIT = 100_000_000_000_000_000L;

  // An exponent beyond it outweighs the digits of every array, and adding their number is safe.
  private static final long EXPONENT_LIMIT = 1L << 40;

  private static final long[] POWERS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000};

  /** An integer; one of more than 18 digits is told as plus or minus {@link #HUGE}. */
  static long integer(byte[] data, int start, int end) {
    boolean negative = data[start] == '-';
    long value = 0;
    for (int i = negative ? start + 1 : start; i < end; i++) {
      if (value >= LIMIT) {
        value = HUGE;
        break;
      }
      value = value * 10 + (data[i] - '0');
    }
    return negative ? -value : value;
  }

  /**
   * A decimal in millionths, rounded half-even; one of 10^11 or more may be told as plus or minus
   * {@link #HUGE}.
   */
  static long micros(byte[] data, int start, int end) {
    boolean negative = data[start] == '-';
    int first = negative ? start + 1 : start;
    long micros = shortMicros(data, first, end);
    if (micros < 0) {
      micros = anyMicros(data, first, end);
    }
    return negative ? -micros : micros;
  }

  /** The usual price: few digits, at most six decimals, no exponent; -1 for all others. */
  private static long shortMicros(byte[] data, int first, int end) {
    if (end - first > 12) {
      return -1;
    }
    long value = 0;
    int decimals = 0;
    for (int i = first; i < end; i++) {
      int digit = data[i] - '0';
      if (0 <= digit && digit <= 9) {
        value = value * 10 + digit;
      } else if (data[i] == '.') {
        decimals = end - i - 1;
      } else {
        return -1;
      }
    }
    return decimals > SCALE ? -1 : value * POWERS[SCALE - decimals];
  }

  private static long anyMicros(byte[] data, int first, int end) {
    int point = -1;
    int mantissaEnd = first;
    while (mantissaEnd < end && (data[mantissaEnd] | 0x20) != 'e') {
      if (data[mantissaEnd] == '.') {
        point = mantissaEnd;
      }
      mantissaEnd++;
    }
    int wholeDigits = (point < 0 ? mantissaEnd : point) - first;
    // How many digits, from the first on, stand before the point once it has moved.
    long kept = wholeDigits + exponent(data, mantissaEnd, end) + SCALE;
    return round(data, first, mantissaEnd, kept);
  }

  private static long exponent(byte[] data, int mark, int end) {
    if (mark == end) {
      return 0;
    }
    int i = mark + 1;
    boolean negative = data[i] == '-';
    if (negative || data[i] == '+') {
      i++;
    }
    long value = 0;
    for (; i < end && value < EXPONENT_LIMIT; i++) {
      value = value * 10 + (data[i] - '0');
    }
    return negative ? -value : value;
  }

  /** The number that the first {@code kept} digits make, rounded half-even by the others. */
  private static long round(byte[] data, int first, int end, long kept) {
    long value = 0;
    long index = 0;
    int half = 0;
    boolean more = false;
    for (int i = first; i < end; i++) {
      if (data[i] == '.') {
        continue;
      }
      int digit = data[i] - '0';
      if (index < kept) {
        value = value * 10 + digit;
        if (value >= LIMIT) {
          return HUGE;
        }
      } else if (index == kept) {
        half = digit;
      } else {
        more |= digit != 0;
      }
      index++;
    }
    // Zeros that are not written, up to the point.
    for (; index < kept && value != 0; index++) {
      value *= 10;
      if (value >= LIMIT) {
        return HUGE;
      }
    }
    boolean up = half > 5 || half == 5 && (more || (value & 1) == 1);
    return up ? value + 1 : value;
  }

  private JsonNumbers() {}
}
