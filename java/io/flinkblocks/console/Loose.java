package io.flinkblocks.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/** Numbers out of JSON documents that may lack anything, or have another type there. */
final class Loose {
  private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,19}");

  /** A whole number, exactly when it is written as one; null for anything else. */
  static Long whole(JsonNode node) {
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    }
    if (node.isTextual() && WHOLE.matcher(node.textValue()).matches()) {
      try {
        return Long.valueOf(node.textValue());
      } catch (NumberFormatException e) {
        // Too long by a little; a fraction can say it roughly.
      }
    }
    Double number = fraction(node);
    return number == null ? null : Long.valueOf(number.longValue());
  }

  /** The number, or 0 where there is none. */
  static long orZero(JsonNode node) {
    Long number = whole(node);
    return number == null ? 0 : number;
  }

  /**
   * A finite number, also as text; null for anything else (Flink writes "NaN" for what it does not
   * know).
   */
  static Double fraction(JsonNode node) {
    if (!node.isNumber() && !node.isTextual()) {
      return null;
    }
    try {
      double number = Double.parseDouble(node.asText());
      return Double.isFinite(number) ? number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** A text that is not empty, else what is given. */
  static String text(JsonNode node, String otherwise) {
    return node.isTextual() && !node.textValue().isEmpty() ? node.textValue() : otherwise;
  }

  private Loose() {}
}
