package io.flinkblocks.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountTest {
  @ParameterizedTest
  @CsvSource({
    "15642500000, 15642.50",
    "1, 0.000001",
    "0, 0.00",
    "10, 0.00001",
    "100000, 0.10",
    "1000000, 1.00",
    "120000, 0.12",
    "123000, 0.123",
    "100000000000000, 100000000.00",
    "-1, -0.000001",
    "-1500000, -1.50",
    "9223372036854775807, 9223372036854.775807",
    "-9223372036854775808, -9223372036854.775808",
  })
  void isShownAsAPlainNumber(long micros, String text) {
    assertEquals(text, Amount.ofMicros(micros).toString());
    assertEquals(text, Amount.text(micros));
  }

  @ParameterizedTest
  @CsvSource({
    "10000000, 4, 2.50",
    "10000000, 3, 3.33",
    "20000000, 3, 6.67",
    "5000, 1, 0.01",
    "4999, 1, 0.00",
    "15000, 1, 0.02",
    "25000, 1, 0.03",
    "-5000, 1, -0.01",
    "-4999, 1, 0.00",
    "1, 9223372036854775807, 0.00",
    "9223372036854775807, 1, 9223372036854.78",
  })
  void averagesAreRoundedHalfUp(long micros, long count, String average) {
    assertEquals(average, Amount.ofMicros(micros).averageHalfUp2(count).toString());
  }

  @Test
  void thereIsNoAverageOfNothing() {
    assertThrows(IllegalArgumentException.class, () -> new Amount().averageHalfUp2(0));
  }

  @Property
  void sumsAreExact(@ForAll @Size(max = 50) List<Long> summands) {
    Amount sum = new Amount();
    BigInteger expected = BigInteger.ZERO;
    for (long summand : summands) {
      sum.add(summand);
      expected = expected.add(BigInteger.valueOf(summand));
    }
    assertEquals(expected, sum.toBigInteger());
    assertEquals(sum, Amount.ofWords(sum.high(), sum.low()));
  }

  @Property
  void wideAmountsAdd(@ForAll("wide") BigInteger a, @ForAll("wide") BigInteger b) {
    Amount sum = amount(a);
    sum.add(amount(b));
    assertEquals(a.add(b), sum.toBigInteger());
    sum.add(sum);
    assertEquals(a.add(b).shiftLeft(1), sum.toBigInteger());
  }

  @Property
  void wideAmountsSubtract(@ForAll("wide") BigInteger a, @ForAll("wide") BigInteger b) {
    Amount difference = amount(a);
    difference.subtract(amount(b));
    assertEquals(a.subtract(b), difference.toBigInteger());
    difference.subtract(difference);
    assertEquals(new Amount(), difference);
  }

  @Property
  void wideAmountsCompare(@ForAll("wide") BigInteger a, @ForAll("wide") BigInteger b) {
    assertEquals(a.compareTo(b), amount(a).compareTo(amount(b)));
    assertEquals(0, amount(a).compareTo(amount(a)));
    assertEquals(amount(a), amount(a));
    assertEquals(amount(a).hashCode(), amount(a).hashCode());
    if (!a.equals(b)) {
      assertNotEquals(amount(a), amount(b));
    }
  }

  @Property
  void wideAmountsAreShownExactly(@ForAll("wide") BigInteger micros) {
    String text = amount(micros).toString();
    assertEquals(0, new BigDecimal(micros, 6).compareTo(new BigDecimal(text)));
    assertEquals(true, text.matches("-?\\d+\\.(\\d\\d|\\d{2,5}[1-9])"), text);
  }

  @Property
  void wideAmountsHaveAverages(
      @ForAll("wide") BigInteger micros, @ForAll @LongRange(min = 1) long count) {
    BigDecimal expected =
        new BigDecimal(micros, 6).divide(BigDecimal.valueOf(count), 2, RoundingMode.HALF_UP);
    assertEquals(expected.toPlainString(), amount(micros).averageHalfUp2(count).toString());
  }

  @Test
  void takesOverAnotherValue() {
    Amount amount = Amount.ofMicros(-7);
    Amount other = new Amount();
    other.set(amount);
    amount.add(1);
    assertEquals(Amount.ofMicros(-7), other);
  }

  /** Up to 126 bits, so that twice the sum of two fits; often at the limits of a word. */
  @Provide
  Arbitrary<BigInteger> wide() {
    BigInteger limit = BigInteger.ONE.shiftLeft(124);
    return Arbitraries.oneOf(
        Arbitraries.bigIntegers().between(limit.negate(), limit),
        Arbitraries.bigIntegers()
            .between(BigInteger.valueOf(-2), BigInteger.TWO)
            .map(d -> BigInteger.ONE.shiftLeft(64).add(d)),
        Arbitraries.longs().map(BigInteger::valueOf));
  }

  private static Amount amount(BigInteger micros) {
    return Amount.ofWords(micros.shiftRight(64).longValueExact(), micros.longValue());
  }
}
