package io.flinkblocks.output;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * A sum of money in millionths of the currency: exact, mutable, signed, 128 bits wide.
 *
 * <p>An event's amount is at most 10^15 millionths, so more than 10^23 of them fit. Additions wrap
 * around beyond 128 bits without notice.
 */
public final class Amount implements Comparable<Amount> {
  private static final int SCALE = 6;

  /** Decimals of an average, and at least of every amount that is shown. */
  private static final int CENTS = 2;

  private static final long MICROS_PER_CENT = 10_000;
  private static final BigInteger WORD = BigInteger.ONE.shiftLeft(Long.SIZE);

  private long high;
  private long low;

  /** Nothing. */
  public Amount() {}

  /** An amount of so many millionths. */
  public static Amount ofMicros(long micros) {
    Amount amount = new Amount();
    amount.add(micros);
    return amount;
  }

  /** An amount from the two words that {@link #high} and {@link #low} tell. */
  public static Amount ofWords(long high, long low) {
    Amount amount = new Amount();
    amount.high = high;
    amount.low = low;
    return amount;
  }

  /** Adds millionths. */
  public void add(long micros) {
    addWords(micros >> Long.SIZE - 1, micros);
  }

  /** Adds another amount, which may be this one. */
  public void add(Amount other) {
    addWords(other.high, other.low);
  }

  /** Subtracts another amount, which may be this one. */
  public void subtract(Amount other) {
    boolean borrow = Long.compareUnsigned(low, other.low) < 0;
    high -= other.high + (borrow ? 1 : 0);
    low -= other.low;
  }

  private void addWords(long otherHigh, long otherLow) {
    long sum = low + otherLow;
    boolean carry = Long.compareUnsigned(sum, otherLow) < 0;
    high += otherHigh + (carry ? 1 : 0);
    low = sum;
  }

  /** Takes over the value of another amount. */
  public void set(Amount other) {
    high = other.high;
    low = other.low;
  }

  /** The upper 64 bits, signed. */
  public long high() {
    return high;
  }

  /** The lower 64 bits, unsigned. */
  public long low() {
    return low;
  }

  /**
   * This amount divided by a count, rounded half-up (away from zero) to 2 decimals.
   *
   * @param count at least 1
   */
  public Amount averageHalfUp2(long count) {
    if (count < 1) {
      throw new IllegalArgumentException("no average of " + count + " amounts");
    }
    BigDecimal cents =
        new BigDecimal(toBigInteger())
            .divide(
                BigDecimal.valueOf(count).multiply(BigDecimal.valueOf(MICROS_PER_CENT)),
                0,
                RoundingMode.HALF_UP);
    BigInteger micros = cents.toBigIntegerExact().multiply(BigInteger.valueOf(MICROS_PER_CENT));
    return ofWords(micros.shiftRight(Long.SIZE).longValue(), micros.longValue());
  }

  /** The millionths as a number of any size. */
  public BigInteger toBigInteger() {
    BigInteger unsignedLow = BigInteger.valueOf(low);
    if (low < 0) {
      unsignedLow = unsignedLow.add(WORD);
    }
    return BigInteger.valueOf(high).shiftLeft(Long.SIZE).add(unsignedLow);
  }

  /** An amount of millionths as JSON shows it: {@code 15642.50}, {@code 0.000001}. */
  public static String text(long micros) {
    return text(BigDecimal.valueOf(micros, SCALE));
  }

  private static String text(BigDecimal amount) {
    BigDecimal shortest = amount.stripTrailingZeros();
    return shortest.setScale(Math.max(CENTS, shortest.scale())).toPlainString();
  }

  /** This amount as JSON shows it. */
  @Override
  public String toString() {
    return text(new BigDecimal(toBigInteger(), SCALE));
  }

  @Override
  public int compareTo(Amount other) {
    int byHigh = Long.compare(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Amount that && high == that.high && low == that.low;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(high) + Long.hashCode(low);
  }
}
