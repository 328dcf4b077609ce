package io.flinkblocks.cdc;

/** What happened to a row, or to a whole table. */
public enum Op {
  CREATE("c"),
  UPDATE("u"),
  DELETE("d"),
  /** A snapshot found the row. */
  READ("r"),
  /** The table lost all its rows. */
  TRUNCATE("t");

  private final String code;

  Op(String code) {
    this.code = code;
  }

  /** Debezium's letter. */
  public String code() {
    return code;
  }

  /** The operation with this letter; null when there is none. */
  static Op of(int letter) {
    return switch (letter) {
      case 'c' -> CREATE;
      case 'u' -> UPDATE;
      case 'd' -> DELETE;
      case 'r' -> READ;
      case 't' -> TRUNCATE;
      default -> null;
    };
  }
}
