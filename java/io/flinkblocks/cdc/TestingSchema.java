package io.flinkblocks.cdc;

/** Embedded schemas, as Kafka Connect's JSON converter writes them. */
final class TestingSchema {
  /** The field of a text. */
  static final String STRING = field("string", null, null);

  static final String DOUBLE = field("double", null, null);
  static final String VARIABLE = field("struct", "io.debezium.data.VariableScaleDecimal", null);

  /** The field of a decimal. */
  static String decimal(int scale) {
    String parameters =
        "\"parameters\":{\"scale\":\"" + scale + "\",\"connect.decimal.precision\":\"12\"},";
    return field("bytes", "org.apache.kafka.connect.data.Decimal", parameters);
  }

  /** The field of a time of one of Debezium's types. */
  static String time(String type, String name) {
    return field(type, "io.debezium.time." + name, null);
  }

  /** The field of Kafka Connect's own timestamps. */
  static String connectTimestamp() {
    return field("int64", "org.apache.kafka.connect.data.Timestamp", null);
  }

  private static String field(String type, String name, String more) {
    return "{\"type\":\""
        + type
        + "\",\"optional\":false,"
        + (name == null ? "" : "\"name\":\"" + name + "\",\"version\":1,")
        + (more == null ? "" : more)
        + "\"field\":\"%s\"}";
  }

  /**
   * An envelope with a schema of one column around it.
   *
   * @param field of the column, with %s for its name; null for the envelope alone
   */
  static String around(String envelope, String column, String field) {
    if (field == null) {
      return envelope;
    }
    String row =
        "{\"type\":\"struct\",\"fields\":[{\"type\":\"int64\",\"optional\":false,\"field\":\"id\"},"
            + field.formatted(column)
            + "],\"optional\":true,\"name\":\"cdc.public.orders.Value\",\"field\":\"%s\"}";
    return "{\"schema\":{\"type\":\"struct\",\"fields\":["
        + row.formatted("before")
        + ","
        + row.formatted("after")
        + ",{\"type\":\"string\",\"optional\":false,\"field\":\"op\"}],\"optional\":false,"
        + "\"name\":\"cdc.public.orders.Envelope\",\"version\":2},\"payload\":"
        + envelope
        + "}";
  }

  private TestingSchema() {}
}
