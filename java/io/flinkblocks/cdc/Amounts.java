package io.flinkblocks.cdc;

import io.flinkblocks.cdc.Encoding.Kind;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Amounts in each of the forms that Debezium and Kafka Connect give decimals. */
final class Amounts {
  // Of a column that is no decimal by a schema, but has the type of the shop's amounts.
  private static final int USUAL_SCALE = 2;

  // Every number that is not out of range has fewer, with any scale that a column can declare.
  private static final int MAX_BYTES = 512;

  /** Whether a string may be the number's text. */
  static boolean mayBeText(Encoding encoding) {
    return encoding.kind() == Kind.TEXT || encoding.kind() == Kind.UNKNOWN;
  }

  /**
   * The amount that a JSON value tells.
   *
   * <ul>
   *   <li>a number: {@code 12.5}, {@code 1.25E1};
   *   <li>a string with a point in it, or by the schema a text: {@code "12.50"};
   *   <li>a string without a point, or by the schema a decimal: the bytes of the unscaled number,
   *       big-endian, in Base64; without a schema it has two decimals;
   *   <li>an object with {@code scale} and, in Base64, {@code value}.
   * </ul>
   *
   * @return millionths, {@link Decimals#MALFORMED} or {@link Decimals#OUT_OF_RANGE}
   */
  static long micros(byte[] data, int start, int end, Encoding encoding) {
    return switch (data[start]) {
      case '"' -> ofText(JsonValues.text(data, start, end), encoding);
      case '{' -> ofObject(JsonValues.object(data, start, end));
      default -> Decimals.micros(data, start, end);
    };
  }

  private static long ofText(String text, Encoding encoding) {
    boolean number =
        encoding.kind() == Kind.TEXT || encoding.kind() == Kind.UNKNOWN && text.indexOf('.') >= 0;
    if (number) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      return Decimals.micros(utf8, 0, utf8.length);
    }
    return switch (encoding.kind()) {
      case DECIMAL -> ofBase64(text, encoding.scale());
      // It is what a double is written as, and Base64 by chance.
      case UNKNOWN -> text.equals("Infinity") ? Decimals.MALFORMED : ofBase64(text, USUAL_SCALE);
      default -> Decimals.MALFORMED;
    };
  }

  private static long ofObject(Row object) {
    if (object == null || object.isNull("scale") || object.isNull("value")) {
      return Decimals.MALFORMED;
    }
    try {
      byte[] value = object.value("value");
      long scale = object.integer("scale");
      boolean usable = value[0] == '"' && (int) scale == scale;
      return usable ? ofBase64(object.text("value"), scale) : Decimals.MALFORMED;
    } catch (IllegalArgumentException e) {
      return Decimals.MALFORMED;
    }
  }

  private static long ofBase64(String text, long scale) {
    if (text.isEmpty() || text.length() % 4 != 0) {
      return Decimals.MALFORMED;
    }
    try {
      byte[] unscaled = Base64.getDecoder().decode(text);
      return unscaled.length > MAX_BYTES
          ? Decimals.OUT_OF_RANGE
          : Decimals.micros(new BigInteger(unscaled), scale);
    } catch (IllegalArgumentException e) {
      return Decimals.MALFORMED;
    }
  }

  private Amounts() {}
}
