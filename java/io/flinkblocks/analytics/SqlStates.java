package io.flinkblocks.analytics;

import java.sql.SQLException;

/** What a database's error says of another try, by SQLSTATE. */
final class SqlStates {
  private static final String UNIQUE_VIOLATION = "23505";
  private static final String CONNECTION_REJECTED = "08004";

  /** A server that is starting, stopping or full, or that nobody hears of. */
  static boolean isOutage(SQLException error) {
    String state = state(error);
    return (state.startsWith("08") && !state.equals(CONNECTION_REJECTED))
        || state.startsWith("57P")
        || state.startsWith("53");
  }

  /**
   * An error that the same attempt meets every time: wrong data, rights, tables, passwords. Two
   * that insert the same row at the same time are none.
   */
  static boolean isPermanent(SQLException error) {
    String state = state(error);
    return !state.equals(UNIQUE_VIOLATION)
        && (state.equals(CONNECTION_REJECTED) || state.matches("(22|23|28|3D|3F|42).*"));
  }

  /** What to do about a permanent error. */
  static String cure(SQLException error) {
    String state = state(error);
    if (state.equals("42P01") || state.equals("42703")) {
      return "create the tables with sql/cdc/analytics_schema.sql";
    }
    if (state.equals("42501")) {
      return "grant the user INSERT, UPDATE, DELETE and SELECT on it";
    }
    if (state.startsWith("22") || state.startsWith("23")) {
      return "correct the row in the source database, or the table's columns";
    }
    return "correct --analytics-postgres-url, its user and password";
  }

  private static String state(SQLException error) {
    return error.getSQLState() == null ? "" : error.getSQLState();
  }

  private SqlStates() {}
}
