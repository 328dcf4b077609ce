package io.flinkblocks.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class JsonNumbersTest {
  /** From here on only the sign and that it is large need be right. */
  private static final BigDecimal LARGE = new BigDecimal("1e16");

  @Property(tries = 20_000)
  void aDecimalIsRoundedHalfEvenToMillionths(@ForAll("decimals") String number) {
    BigDecimal expected =
        new BigDecimal(number).movePointRight(6).setScale(0, RoundingMode.HALF_EVEN);
    long actual = micros(number);
    if (expected.abs().compareTo(LARGE) < 0) {
      assertEquals(expected, BigDecimal.valueOf(actual));
    } else {
      assertEquals(expected.signum(), Long.signum(actual));
      assertTrue(BigDecimal.valueOf(actual).abs().compareTo(LARGE) >= 0);
    }
  }

  @Property(tries = 5_000)
  void anIntegerIsExactOrHuge(@ForAll("integers") String number) {
    BigInteger expected = new BigInteger(number);
    byte[] bytes = number.getBytes(StandardCharsets.US_ASCII);
    long actual = JsonNumbers.integer(bytes, 0, bytes.length);
    if (expected.abs().compareTo(LARGE.toBigInteger()) < 0) {
      assertEquals(expected, BigInteger.valueOf(actual));
    } else {
      assertEquals(expected.signum(), Long.signum(actual));
      assertTrue(BigInteger.valueOf(actual).abs().compareTo(LARGE.toBigInteger()) >= 0);
    }
  }

  @Property(tries = 2_000)
  void whereTheNumberLiesDoesNotMatter(
      @ForAll("decimals") String number, @ForAll("decimals") String before) {
    byte[] bytes = (before + number + ",1").getBytes(StandardCharsets.US_ASCII);
    assertEquals(
        micros(number),
        JsonNumbers.micros(bytes, before.length(), before.length() + number.length()));
  }

  @Provide
  Arbitrary<String> integers() {
    return Combinators.combine(Arbitraries.of("", "-"), whole(40)).as(String::concat);
  }

  @Provide
  Arbitrary<String> decimals() {
    Arbitrary<String> fraction =
        digits(1, 30).map(d -> "." + d).optional(0.7).map(o -> o.orElse(""));
    Arbitrary<String> exponent =
        Combinators.combine(Arbitraries.of("e", "E"), Arbitraries.of("", "+", "-"), digits(1, 2))
            .as((mark, sign, value) -> mark + sign + value)
            .optional(0.4)
            .map(o -> o.orElse(""));
    return Combinators.combine(Arbitraries.of("", "-"), whole(25), fraction, exponent)
        .as((sign, whole, behind, power) -> sign + whole + behind + power);
  }

  private static Arbitrary<String> whole(int length) {
    return digits(1, length).map(d -> d.replaceFirst("^0+(?=.)", ""));
  }

  /** Often zeros, fives and nines, on which rounding hangs. */
  private static Arbitrary<String> digits(int shortest, int longest) {
    return Arbitraries.oneOf(
        Arbitraries.strings().withChars("0123456789").ofMinLength(shortest).ofMaxLength(longest),
        Arbitraries.strings().withChars("0059").ofMinLength(shortest).ofMaxLength(longest));
  }

  private static long micros(String number) {
    byte[] bytes = number.getBytes(StandardCharsets.US_ASCII);
    return JsonNumbers.micros(bytes, 0, bytes.length);
  }
}
