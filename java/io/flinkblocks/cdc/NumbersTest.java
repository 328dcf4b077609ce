package io.flinkblocks.cdc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Integers} and {@link Decimals} beside Java's numbers of any size. */
class NumbersTest {
  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  @Provide
  Arbitrary<String> integers() {
    Arbitrary<BigInteger> near =
        Arbitraries.bigIntegers()
            .between(BigInteger.valueOf(-20), BigInteger.valueOf(20))
            .flatMap(
                i ->
                    Arbitraries.of(
                        i,
                        i.add(BigInteger.ONE.shiftLeft(63)),
                        i.subtract(BigInteger.ONE.shiftLeft(63))));
    Arbitrary<BigInteger> any =
        Arbitraries.bigIntegers().between(BigInteger.TEN.pow(21).negate(), BigInteger.TEN.pow(21));
    return Arbitraries.oneOf(near, any).map(BigInteger::toString);
  }

  @Property
  void wholeNumbersOf64Bits(@ForAll("integers") String text) {
    BigInteger value = new BigInteger(text);
    byte[] json = (":" + text + ",").getBytes(US_ASCII);
    boolean fits = value.bitLength() < Long.SIZE;
    assertEquals(fits, Integers.isLong(json, 1, json.length - 1), text);
    if (fits) {
      assertEquals(value.longValueExact(), Integers.value(json, 1, json.length - 1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "--1", "+1", "1.0", "1e0", "true", "\"1\"", "1 ", "0x1"})
  void noWholeNumber(String text) {
    assertFalse(Integers.isLong(text.getBytes(US_ASCII), 0, text.length()));
  }

  @Provide
  Arbitrary<String> decimals() {
    Arbitrary<String> sign = Arbitraries.of("", "", "-", "+");
    Arbitrary<String> digits =
        Arbitraries.strings().withChars("00159").ofMinLength(1).ofMaxLength(15);
    Arbitrary<String> fraction =
        Arbitraries.oneOf(Arbitraries.just(""), digits.map(text -> "." + text));
    Arbitrary<String> exponent =
        Arbitraries.oneOf(
            Arbitraries.just(""),
            Arbitraries.integers().between(-20, 20).map(i -> "e" + i),
            Arbitraries.integers().between(0, 20).map(i -> "E+" + i));
    return Combinators.combine(sign, digits, fraction, exponent).as((s, d, f, e) -> s + d + f + e);
  }

  @Property
  void decimalsInMillionths(@ForAll("decimals") String text) {
    byte[] json = ("\"" + text + "\"").getBytes(US_ASCII);
    BigDecimal value = new BigDecimal(text);
    BigDecimal shortest = value.stripTrailingZeros();
    boolean fits =
        shortest.scale() <= 6 && value.abs().compareTo(BigDecimal.TEN.pow(12)) < 0
            || value.signum() == 0;
    assertEquals(
        fits ? value.multiply(MILLION).longValueExact() : Decimals.OUT_OF_RANGE,
        Decimals.micros(json, 1, json.length - 1),
        text);
    if (Decimals.isCents(json, 1, json.length - 1)) {
      assertTrue(fits);
      assertEquals(value.setScale(2).toPlainString(), text);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.00", "1.50", "-1.50", "123456789012.34", "10.05", "-999999999999.99", "9.99"})
  void centsStayAsTheyAre(String text) {
    assertTrue(Decimals.isCents(text.getBytes(US_ASCII), 0, text.length()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        ".",
        ".50",
        "-.50",
        "1",
        "1.5",
        "1.500",
        "01.50",
        "-0.00",
        "+1.50",
        "1234567890123.45",
        "1a.50",
        "1.a0",
        "1.5a",
        "1,50",
        "12..50"
      })
  void otherAmountsAreWrittenAnew(String text) {
    assertFalse(Decimals.isCents(text.getBytes(US_ASCII), 0, text.length()));
  }
}
