package io.flinkblocks.quality;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;

class NumbersTest {
  @Property
  void numbersAreReadExactlyWithAndWithoutQuotes(@ForAll @Scale(9) BigDecimal number) {
    String plain = number.toPlainString();
    assertEquals(number, of(plain));
    assertEquals(number, of('"' + plain + '"'));
    assertEquals(new BigDecimal(plain + "e-7"), of(plain + "e-7"));
  }

  @Test
  void whatIsNoNumberIsNone() {
    assertNull(Numbers.of(null));
    for (String json :
        new String[] {
          "null",
          "true",
          "{}",
          "[1]",
          "\"\"",
          "\"abc\"",
          "\"NaN\"",
          "\"Infinity\"",
          "\" 1\"",
          "\"0x10\"",
          "\"\\u0031\"",
          "\"1,5\"",
          "\"+1\"",
          "\"1.\"",
          "\".5\""
        }) {
      assertNull(of(json), json);
    }
  }

  @Test
  void hostileNumbersAreNone() {
    assertNull(of("1e1000"));
    assertNull(of("1e999999999"));
    assertNull(of("9".repeat(1_001)));
    assertEquals(new BigDecimal("1e999"), of("1e999"));
    assertEquals(new BigDecimal("9".repeat(1_000)), of("9".repeat(1_000)));
  }

  private static BigDecimal of(String json) {
    return Numbers.of(json.getBytes(UTF_8));
  }
}
