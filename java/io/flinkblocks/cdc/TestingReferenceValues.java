package io.flinkblocks.cdc;

import io.flinkblocks.cdc.TestingRawTree.Num;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the values of the shop's columns mean, word for word, without any thought of speed. */
final class TestingReferenceValues {
  /** Instead of a canonical value: it has not the column's type. */
  static final String WRONG_TYPE = "wrong type";

  /** Instead of a canonical value: it has, but is too large or too fine. */
  static final String OUT_OF_RANGE = "out of range";

  private static final Pattern NUMBER =
      Pattern.compile("([+-]?[0-9]+(?:\\.[0-9]+)?)(?:[eE]([+-]?[0-9]+))?");
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\\.([0-9]+))?"
              + "(?:Z|([+-])([0-9]{2}):([0-9]{2}))");
  private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);

  /** The type of one field of an embedded schema, as Kafka Connect names it. */
  record SchemaType(String name, String type, String scale) {}

  static String integer(TestingRawTree node) {
    if (!(node.value() instanceof Num n) || !n.text().matches("-?[0-9]+")) {
      return WRONG_TYPE;
    }
    BigInteger value = n.text().length() > 20 ? null : new BigInteger(n.text());
    return value != null && value.bitLength() < 64 ? value.toString() : WRONG_TYPE;
  }

  static String text(TestingRawTree node) {
    return node.value() instanceof String ? node.raw() : WRONG_TYPE;
  }

  static String amount(TestingRawTree node, SchemaType schema) {
    if (node.value() instanceof Num n) {
      return decimal(n.text());
    }
    if (node.isObject()) {
      TestingRawTree scale = node.get("scale");
      TestingRawTree value = node.get("value");
      boolean usable =
          scale != null && value != null && value.value() instanceof String && isInt(scale);
      return usable ? base64((String) value.value(), integer(scale)) : WRONG_TYPE;
    }
    if (!(node.value() instanceof String s)) {
      return WRONG_TYPE;
    }
    if (schema == null) {
      return s.contains(".") ? decimal(s) : s.equals("Infinity") ? WRONG_TYPE : base64(s, "2");
    }
    if ("org.apache.kafka.connect.data.Decimal".equals(schema.name())) {
      return schema.scale() == null ? WRONG_TYPE : base64(s, schema.scale());
    }
    boolean isString = "string".equals(schema.type()) && !isTime(schema.name());
    return isString ? decimal(s) : WRONG_TYPE;
  }

  private static boolean isInt(TestingRawTree node) {
    String value = integer(node);
    return !value.equals(WRONG_TYPE) && new BigInteger(value).bitLength() < 32;
  }

  private static boolean isTime(String name) {
    return unit(name) != null;
  }

  private static String base64(String text, String scale) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return WRONG_TYPE;
    }
    if (bytes.length == 0 || text.length() % 4 != 0) {
      return WRONG_TYPE;
    }
    return bytes.length > 512
        ? OUT_OF_RANGE
        : decimal(new BigInteger(bytes) + "e" + new BigInteger(scale).negate());
  }

  private static String decimal(String text) {
    Matcher matcher = NUMBER.matcher(text);
    if (!matcher.matches()) {
      return WRONG_TYPE;
    }
    String digits = matcher.group(1).replaceFirst("^([+-]?)0+(?=[0-9])", "$1");
    BigInteger exponent = new BigInteger(matcher.group(2) == null ? "0" : matcher.group(2));
    if (digits.matches("[+-]?0(\\.0*)?")) {
      return "0.00";
    }
    if (digits.length() > 10_000 || exponent.bitLength() > 20) {
      return OUT_OF_RANGE;
    }
    BigDecimal value =
        new BigDecimal(digits).scaleByPowerOfTen(exponent.intValueExact()).stripTrailingZeros();
    if (value.scale() > 6 || value.abs().compareTo(BigDecimal.TEN.pow(12)) >= 0) {
      return OUT_OF_RANGE;
    }
    return value.setScale(Math.max(2, value.scale())).toPlainString();
  }

  static String timestamp(TestingRawTree node, SchemaType schema) {
    try {
      if (node.value() instanceof String s) {
        String text = timestamp(s);
        return text.equals(OUT_OF_RANGE) ? WRONG_TYPE : text;
      }
      if (node.isObject()) {
        return structured(node.members());
      }
    } catch (RuntimeException e) {
      // Java's time and numbers refuse it.
      return WRONG_TYPE;
    }
    BigInteger unit = schema == null ? null : unit(schema.name());
    String value = integer(node);
    if (unit == null || value.equals(WRONG_TYPE)) {
      return WRONG_TYPE;
    }
    BigInteger[] parts =
        new BigInteger(value).multiply(MILLION).divideAndRemainder(unit.multiply(MILLION));
    BigInteger seconds = parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    BigInteger rest = new BigInteger(value).subtract(seconds.multiply(unit));
    if (seconds.bitLength() > 50) {
      return OUT_OF_RANGE;
    }
    int nanos = rest.multiply(BigInteger.valueOf(1_000_000_000)).divide(unit).intValueExact();
    return written(LocalDateTime.ofEpochSecond(seconds.longValueExact(), nanos, ZoneOffset.UTC));
  }

  /** How many of a unit are a second; null when it is none. */
  private static BigInteger unit(String name) {
    if (name == null) {
      return null;
    }
    return switch (name) {
      case "org.apache.kafka.connect.data.Timestamp", "io.debezium.time.Timestamp" ->
          BigInteger.valueOf(1_000);
      case "io.debezium.time.MicroTimestamp" -> MILLION;
      case "io.debezium.time.NanoTimestamp" -> BigInteger.valueOf(1_000_000_000);
      default -> null;
    };
  }

  private static String timestamp(String text) {
    Matcher matcher = TIMESTAMP.matcher(text);
    if (!matcher.matches()) {
      return WRONG_TYPE;
    }
    String fraction = matcher.group(2) == null ? "" : matcher.group(2);
    LocalDateTime time =
        LocalDateTime.parse(matcher.group(1))
            .plusNanos(1_000L * Integer.parseInt((fraction + "000000").substring(0, 6)));
    if (matcher.group(3) != null) {
      int hours = Integer.parseInt(matcher.group(4));
      int minutes = Integer.parseInt(matcher.group(5));
      if (hours > 23 || minutes > 59) {
        return WRONG_TYPE;
      }
      int sign = matcher.group(3).equals("+") ? -1 : 1;
      time = time.plusMinutes(sign * (60L * hours + minutes));
    }
    return written(time);
  }

  private static String structured(Map<String, TestingRawTree> parts) {
    LocalDateTime local =
        LocalDateTime.of(
            part(parts, "year", true),
            part(parts, "month", true),
            part(parts, "day", true),
            part(parts, "hour", true),
            part(parts, "minute", true),
            part(parts, "second", true),
            part(parts, "nanos", false));
    ZoneOffset offset = ZoneOffset.ofTotalSeconds(part(parts, "offsetSeconds", false));
    return written(local.minusSeconds(offset.getTotalSeconds()));
  }

  private static int part(Map<String, TestingRawTree> parts, String name, boolean required) {
    TestingRawTree part = parts.get(name);
    if (!required && (part == null || part.value() == null)) {
      return 0;
    }
    return new BigInteger(integer(part)).intValueExact();
  }

  private static String written(LocalDateTime time) {
    if (time.getYear() < 1 || time.getYear() > 9999) {
      return OUT_OF_RANGE;
    }
    String fraction = String.format("%06d", time.getNano() / 1_000).replaceFirst("0+$", "");
    return String.format(
        "\"%04d-%02d-%02dT%02d:%02d:%02d%sZ\"",
        time.getYear(),
        time.getMonthValue(),
        time.getDayOfMonth(),
        time.getHour(),
        time.getMinute(),
        time.getSecond(),
        fraction.isEmpty() ? "" : "." + fraction);
  }

  private TestingReferenceValues() {}
}
