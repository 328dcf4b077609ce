package io.flinkblocks.cdc;

/** Whole numbers of 64 bits, as JSON writes them. */
final class Integers {
  // One digit more than any of 64 bits has could overflow twice.
  private static final int MAX_DIGITS = 19;

  /** Whether a JSON value is a whole number, without fraction and exponent, of 64 bits. */
  static boolean isLong(byte[] data, int start, int end) {
    boolean negative = start < end && data[start] == '-';
    int first = negative ? start + 1 : start;
    if (first == end || end - first > MAX_DIGITS) {
      return false;
    }
    for (int i = first; i < end; i++) {
      if (data[i] < '0' || data[i] > '9') {
        return false;
      }
    }
    // Nineteen digits at most wrap around once, to a number of the other sign.
    return end - first < MAX_DIGITS || value(data, start, end) < 0 == negative;
  }

  /** The value of what {@link #isLong} accepts. */
  static long value(byte[] data, int start, int end) {
    boolean negative = data[start] == '-';
    long value = 0;
    for (int i = negative ? start + 1 : start; i < end; i++) {
      value = value * 10 - (data[i] - '0');
    }
    return negative ? value : -value;
  }

  private Integers() {}
}
