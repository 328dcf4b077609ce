package io.flinkblocks.cdc;

import static io.flinkblocks.cdc.TestingSchema.DOUBLE;
import static io.flinkblocks.cdc.TestingSchema.STRING;
import static io.flinkblocks.cdc.TestingSchema.VARIABLE;
import static io.flinkblocks.cdc.TestingSchema.decimal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An amount in each form that the connector and the converter can be set to. */
class AmountEncodingsTest {
  private static final String WRONG_TYPE = "wrong_type";
  private static final String OUT_OF_RANGE = "out_of_range";
  private static final String SEVENTY_BYTES = base64(BigInteger.ONE.shiftLeft(8 * 70));

  private final ChangeParser parser = new ChangeParser();

  static Stream<Arguments> encodings() {
    return Stream.of(
        // decimal.handling.mode=string
        arguments("'12.50'", null, "12.50"),
        arguments("'12.50'", STRING, "12.50"),
        arguments("'0.00'", null, "0.00"),
        arguments("'-0.01'", null, "-0.01"),
        arguments("'-0.00'", null, "0.00"),
        arguments("'+7.5'", null, "7.50"),
        arguments("'007.50'", null, "7.50"),
        arguments("'9999999999.99'", null, "9999999999.99"),
        arguments("'999999999999.999999'", null, "999999999999.999999"),
        arguments("'1000000000000.00'", null, OUT_OF_RANGE),
        arguments("'12.345678'", null, "12.345678"),
        arguments("'12.3450000000'", null, "12.345"),
        arguments("'12.3456789'", null, OUT_OF_RANGE),
        arguments("'1.25E1'", null, "12.50"),
        arguments("'12'", STRING, "12.00"),
        arguments("'1E+3'", STRING, "1000.00"),
        arguments("'\\u0031.5'", null, "1.50"),
        arguments("'NAN'", null, WRONG_TYPE),
        arguments("'NAN'", STRING, WRONG_TYPE),
        arguments("'POSITIVE_INFINITY'", null, WRONG_TYPE),
        arguments("'1.'", null, WRONG_TYPE),
        arguments("'.5'", null, WRONG_TYPE),
        arguments("' 1.5'", null, WRONG_TYPE),
        arguments("'1.5 '", null, WRONG_TYPE),
        arguments("'1.5e'", null, WRONG_TYPE),
        arguments("'1.5e+'", null, WRONG_TYPE),
        arguments("'1,5.0'", null, WRONG_TYPE),
        arguments("'\u0661.5'", null, WRONG_TYPE),
        arguments("''", null, WRONG_TYPE),
        arguments("''", STRING, WRONG_TYPE),
        // decimal.handling.mode=double, and decimal.format=NUMERIC of the converter
        arguments("12.5", null, "12.50"),
        arguments("12.5", DOUBLE, "12.50"),
        arguments("12.50", decimal(2), "12.50"),
        arguments("12", null, "12.00"),
        arguments("1.0E7", null, "10000000.00"),
        arguments("1.0E-5", null, "0.00001"),
        arguments("1.0E-7", null, OUT_OF_RANGE),
        arguments("-0.0", null, "0.00"),
        arguments("0e999999999999", null, "0.00"),
        arguments("1e999999999999", null, OUT_OF_RANGE),
        arguments("1e-999999999999", null, OUT_OF_RANGE),
        arguments("'NaN'", null, WRONG_TYPE),
        arguments("'Infinity'", null, WRONG_TYPE),
        arguments("'-Infinity'", null, WRONG_TYPE),
        arguments("'Infinity'", DOUBLE, WRONG_TYPE),
        arguments("'12.50'", DOUBLE, WRONG_TYPE),
        // decimal.handling.mode=precise
        arguments("'BOI='", null, "12.50"),
        arguments("'BOI='", decimal(2), "12.50"),
        arguments("'BOI='", decimal(3), "1.25"),
        arguments("'BOI='", decimal(0), "1250.00"),
        arguments("'BOI='", decimal(-2), "125000.00"),
        arguments("'BOI='", decimal(7), "0.000125"),
        arguments("'BOI='", decimal(8), OUT_OF_RANGE),
        arguments("'AA=='", null, "0.00"),
        arguments("'/w=='", null, "-0.01"),
        arguments("'\\/w=='", null, "-0.01"),
        arguments("'AAAAAAAAAAAAAATi'", null, "12.50"),
        arguments("'" + base64("9999999999999999999999") + "'", null, OUT_OF_RANGE),
        arguments("'" + base64("12500000000000000000000") + "'", decimal(21), "12.50"),
        arguments("'" + SEVENTY_BYTES + "'", decimal(30), OUT_OF_RANGE),
        arguments("'BOI'", null, WRONG_TYPE),
        arguments("'BO I'", null, WRONG_TYPE),
        arguments("'B-I='", null, WRONG_TYPE),
        arguments("'BOI='", STRING, WRONG_TYPE),
        arguments("''", decimal(2), WRONG_TYPE),
        arguments("'12.5'", decimal(2), WRONG_TYPE),
        // numeric without precision
        arguments("{'scale':2,'value':'BOI='}", null, "12.50"),
        arguments("{'scale':2,'value':'BOI='}", VARIABLE, "12.50"),
        arguments("{ 'value' : 'BOI=', 'x': [ 1 ], 'scale' : 0 }", null, "1250.00"),
        arguments("{'scale':9,'scale':1,'value':'BOI='}", null, "125.00"),
        arguments("{'scale':2000000000,'value':'AA=='}", null, "0.00"),
        arguments("{'scale':2000000000,'value':'BOI='}", null, OUT_OF_RANGE),
        arguments("{'scale':-2000000000,'value':'BOI='}", null, OUT_OF_RANGE),
        arguments("{'scale':-2147483648,'value':'BOI='}", null, OUT_OF_RANGE),
        arguments("{'scale':2147483648,'value':'BOI='}", null, WRONG_TYPE),
        arguments("{'scale':'2','value':'BOI='}", null, WRONG_TYPE),
        arguments("{'scale':2.0,'value':'BOI='}", null, WRONG_TYPE),
        arguments("{'scale':null,'value':'BOI='}", null, WRONG_TYPE),
        arguments("{'scale':2,'value':1250}", null, WRONG_TYPE),
        arguments("{'scale':2}", null, WRONG_TYPE),
        arguments("{}", null, WRONG_TYPE),
        // neither
        arguments("null", null, "null"),
        arguments("null", decimal(2), "null"),
        arguments("true", null, WRONG_TYPE),
        arguments("[12.5]", null, WRONG_TYPE));
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void canonicalAmount(String value, String schema, String expected) {
    assertEquals(expected, canonical(value, schema));
  }

  @Test
  void theScaleIsThatOfTheRowItself() {
    String record =
        TestingSchema.around(envelope("'BOI='", "u"), "amount", decimal(2))
            .replaceFirst("\"scale\":\"2\"", "\"scale\":\"1\"");
    Change change = (Change) parser.parseLine(record.getBytes(StandardCharsets.UTF_8));
    assertEquals("{\"id\":1,\"amount\":125.00}", change.before().toString());
    assertEquals("{\"id\":1,\"amount\":12.50}", change.after().toString());
  }

  @Property(tries = 500)
  void everyFormOfAnAmountIsTheSame(
      @ForAll @LongRange(min = -99_999_999_999_999L, max = 99_999_999_999_999L) long unscaled,
      @ForAll @IntRange(min = 2, max = 6) int scale) {
    BigDecimal amount = BigDecimal.valueOf(unscaled, scale);
    String expected =
        amount
            .stripTrailingZeros()
            .setScale(Math.max(2, amount.stripTrailingZeros().scale()))
            .toPlainString();
    String bytes = base64(Long.toString(unscaled));
    assertEquals(expected, canonical("'" + amount.toPlainString() + "'", null));
    assertEquals(expected, canonical("'" + amount.toPlainString() + "'", STRING));
    assertEquals(expected, canonical(amount.toPlainString(), null));
    assertEquals(expected, canonical(Double.toString(amount.doubleValue()), null));
    assertEquals(expected, canonical("'" + bytes + "'", decimal(scale)));
    assertEquals(expected, canonical("{'scale':" + scale + ",'value':'" + bytes + "'}", VARIABLE));
  }

  /** What comes of a value of orders.amount: its canonical form, or the reason. */
  private String canonical(String value, String schema) {
    String record = TestingSchema.around(envelope(value, "c"), "amount", schema);
    ChangeRecord parsed = parser.parseLine(record.getBytes(StandardCharsets.UTF_8));
    if (parsed instanceof Refused refused) {
      assertEquals("after.amount", refused.letter().field());
      return refused.letter().reason().label();
    }
    return new String(((Change) parsed).after().value("amount"), StandardCharsets.UTF_8);
  }

  private static String envelope(String value, String op) {
    String row = "{\"id\":1,\"amount\":" + value.replace('\'', '"') + "}";
    return "{\"before\":%s,\"after\":%s,\"source\":{\"table\":\"orders\"},\"op\":\"%s\"}"
        .formatted(row, row, op);
  }

  private static String base64(String number) {
    return base64(new BigInteger(number));
  }

  private static String base64(BigInteger number) {
    return Base64.getEncoder().encodeToString(number.toByteArray());
  }
}
