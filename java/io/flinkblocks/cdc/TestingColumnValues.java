package io.flinkblocks.cdc;

import io.flinkblocks.event.TestingJsonText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** Random values of one record's columns, in one of a connector's encodings. */
final class TestingColumnValues {
  private static final String CONNECT = "org.apache.kafka.connect.data.";
  private static final String DEBEZIUM = "io.debezium.time.";

  private final Random random;
  private final TestingJsonText json;
  private final boolean wrapped;
  private final Decimal decimal;
  private final String scale;
  private final String time;

  /** The forms of an amount. */
  private enum Decimal {
    TEXT,
    NUMBER,
    BASE64,
    OBJECT
  }

  /**
   * Values of one record.
   *
   * @param wrapped whether a schema tells the encodings
   */
  TestingColumnValues(Random random, TestingJsonText json, boolean wrapped) {
    this.random = random;
    this.json = json;
    this.wrapped = wrapped;
    decimal = Decimal.values()[random.nextInt(4)];
    scale = chance(50) ? "2" : Integer.toString(random.nextInt(10) - 1);
    time =
        json.pick(
            DEBEZIUM + "ZonedTimestamp",
            DEBEZIUM + "IsoTimestamp",
            DEBEZIUM + "Timestamp",
            DEBEZIUM + "MicroTimestamp",
            DEBEZIUM + "NanoTimestamp",
            CONNECT + "Timestamp",
            DEBEZIUM + "StructuredZonedTimestamp");
  }

  /** A value, good or nearly so. */
  String good(String column) {
    return switch (column) {
      case "price", "amount" -> amount();
      case "created_at", "updated_at" -> timestamp();
      case "id", "user_id", "product_id" -> id();
      case "quantity", "stock", "reorder_level" -> anyLong();
      default -> json.string(json.text(random.nextInt(12)));
    };
  }

  /** A column's field in a schema. */
  String schema(String column) {
    List<String> members = new ArrayList<>();
    switch (column) {
      case "price", "amount" -> decimalSchema(members);
      case "created_at", "updated_at" -> {
        members.add(json.member("type", json.pick("\"string\"", "\"int64\"", "\"struct\"")));
        members.add(json.member("name", json.string(time)));
      }
      default -> members.add(json.member("type", json.pick("\"string\"", "\"int64\"")));
    }
    members.add(json.member("field", json.string(column)));
    return json.object(members);
  }

  private void decimalSchema(List<String> members) {
    members.add(
        json.member(
            "type",
            switch (decimal) {
              case TEXT -> "\"string\"";
              case NUMBER -> "\"double\"";
              case BASE64 -> "\"bytes\"";
              case OBJECT -> "\"struct\"";
            }));
    if (decimal == Decimal.BASE64) {
      members.add(json.member("name", json.string(CONNECT + "Decimal")));
      String text = chance(95) ? json.string(scale) : json.pick("2", "\"\"", "\"x\"", "null");
      String parameters = json.object(List.of(json.member("scale", text)));
      members.add(json.member("parameters", chance(95) ? parameters : json.pick("null", "[1]")));
    }
  }

  /** Most often one of few. */
  String id() {
    return chance(97) ? Integer.toString(random.nextInt(1_000)) : anyLong();
  }

  /** A whole number, seldom one too large. */
  String anyLong() {
    return chance(97)
        ? Long.toString(random.nextLong() >> random.nextInt(64))
        : json.pick(
            "-0",
            "9223372036854775807",
            "-9223372036854775808",
            "9223372036854775808",
            "-9223372036854775809",
            "18446744073709551617");
  }

  private String amount() {
    if (chance(3)) {
      return chance(50) ? json.anyNumber() : json.string(json.anyNumber());
    }
    BigInteger unscaled = BigInteger.valueOf(random.nextLong() >> 22 + random.nextInt(40));
    String base64 = json.string(Base64.getEncoder().encodeToString(unscaled.toByteArray()));
    return switch (decimal) {
      case TEXT -> json.string(new BigDecimal(unscaled, 2).toPlainString());
      case NUMBER -> Double.toString(new BigDecimal(unscaled, 3).doubleValue());
      case BASE64 -> base64;
      case OBJECT ->
          json.object(List.of(json.member("scale", scale), json.member("value", base64)));
    };
  }

  private String timestamp() {
    long second = (random.nextLong() >> 30) % 70_000_000_000L;
    return switch (wrapped && chance(98) ? time : "") {
      case DEBEZIUM + "Timestamp", CONNECT + "Timestamp" ->
          Long.toString(second * 1_000 + random.nextInt(1_000));
      case DEBEZIUM + "MicroTimestamp" -> Long.toString(second * 1_000_000 + 17);
      case DEBEZIUM + "NanoTimestamp" -> Long.toString(random.nextLong());
      case DEBEZIUM + "StructuredZonedTimestamp" -> structured();
      default -> json.string(chance(97) ? isoText() : json.pick("infinity", "2026-01-01", "now"));
    };
  }

  private String structured() {
    List<String> members = new ArrayList<>();
    members.add(json.member("year", json.pick("2026", "2026", "2026", "1600", "0", "10000")));
    members.add(json.member("month", Integer.toString(1 + random.nextInt(12))));
    members.add(json.member("day", Integer.toString(1 + random.nextInt(chance(95) ? 28 : 32))));
    members.add(json.member("hour", json.pick("0", "9", "23")));
    members.add(json.member("minute", json.pick("0", "59")));
    members.add(json.member("second", json.pick("0", "59")));
    if (chance(90)) {
      members.add(json.member("nanos", json.pick("0", "null", "120000000", "123456789")));
    }
    if (chance(90)) {
      String offset = chance(95) ? json.pick("0", "null", "7200", "-12600") : "64801";
      members.add(json.member("offsetSeconds", offset));
    }
    return json.object(members);
  }

  private String isoText() {
    String text =
        String.format(
            "%s-%02d-%02dT%02d:%02d:%02d",
            chance(90) ? "2026" : json.pick("0000", "0001", "1600", "9999"),
            1 + random.nextInt(chance(97) ? 12 : 13),
            1 + random.nextInt(chance(95) ? 28 : 32),
            random.nextInt(chance(97) ? 24 : 25),
            random.nextInt(chance(97) ? 60 : 61),
            random.nextInt(chance(97) ? 60 : 61));
    String fraction =
        json.pick("", "", ".5", ".123456", ".120000", ".1234567", ".999999999", ".000000");
    String zone = chance(70) ? "Z" : json.pick("+02:00", "-11:30", "+23:59", "+00:00");
    return text + (chance(98) ? fraction : ".") + (chance(98) ? zone : json.pick("", "z", "+2"));
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }
}
