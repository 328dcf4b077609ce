package io.flinkblocks.cdc;

/**
 * How an embedded schema says that a column's values are written.
 *
 * @param scale decimals of {@link Kind#DECIMAL}
 */
record Encoding(Kind kind, int scale) {
  /** Without a schema a value says it itself, as far as it can. */
  static final Encoding UNKNOWN = new Encoding(Kind.UNKNOWN, 0);

  private static final String TIME = "io.debezium.time.";
  private static final String CONNECT = "org.apache.kafka.connect.data.";

  /** The forms that make a difference. */
  enum Kind {
    UNKNOWN,
    TEXT,
    /** The bytes of a whole number in Base64, which is that many decimals too large. */
    DECIMAL,
    MILLIS,
    MICROS,
    NANOS,
    /** Any other that a schema names. */
    OTHER
  }

  /** The encoding that one field of a schema names. */
  static Encoding of(Row field) {
    String name = field.isNull("name") ? "" : field.text("name");
    return switch (name) {
      case CONNECT + "Decimal" -> decimal(field);
      case CONNECT + "Timestamp", TIME + "Timestamp" -> new Encoding(Kind.MILLIS, 0);
      case TIME + "MicroTimestamp" -> new Encoding(Kind.MICROS, 0);
      case TIME + "NanoTimestamp" -> new Encoding(Kind.NANOS, 0);
      default -> new Encoding("string".equals(field.text("type")) ? Kind.TEXT : Kind.OTHER, 0);
    };
  }

  private static Encoding decimal(Row field) {
    Row parameters = RowWriter.plain(field.value("parameters"));
    String scale = parameters == null ? null : parameters.text("scale");
    try {
      return new Encoding(Kind.DECIMAL, Integer.parseInt(scale));
    } catch (NumberFormatException e) {
      return new Encoding(Kind.OTHER, 0);
    }
  }
}
