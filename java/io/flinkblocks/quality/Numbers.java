package io.flinkblocks.quality;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The numbers in values of rows. */
final class Numbers {
  // Bounds what arithmetic on hostile numbers can cost.
  private static final int LONGEST = 1_000;
  private static final Pattern NUMBER =
      Pattern.compile("-?[0-9]++(?:\\.[0-9]++)?+(?:[eE][+-]?[0-9]{1,3}+)?+");

  private Numbers() {}

  /**
   * The number that a value is, or that a text is, as decimals may be written.
   *
   * @param json a value's JSON; may be null
   * @return null when it is no number, or one of more than 1,000 characters or three digits in the
   *     exponent
   */
  static BigDecimal of(byte[] json) {
    if (json == null || json.length == 0 || json.length > LONGEST) {
      return null;
    }
    boolean isText = json[0] == '"';
    int start = isText ? 1 : 0;
    String text = new String(json, start, json.length - 2 * start, StandardCharsets.UTF_8);
    return NUMBER.matcher(text).matches() ? new BigDecimal(text) : null;
  }
}
