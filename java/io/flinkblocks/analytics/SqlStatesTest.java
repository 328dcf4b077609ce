package io.flinkblocks.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlStatesTest {
  @ParameterizedTest
  @ValueSource(strings = {"08001", "08006", "57P01", "57P02", "57P03", "53300"})
  void aServerThatIsAwayComesBack(String state) {
    assertEquals(true, SqlStates.isOutage(error(state)));
    assertEquals(false, SqlStates.isPermanent(error(state)));
  }

  @ParameterizedTest
  @CsvSource({
    "42P01, sql/cdc/analytics_schema.sql",
    "42703, sql/cdc/analytics_schema.sql",
    "42501, grant",
    "22003, the row",
    "22021, the row",
    "23502, the row",
    "28P01, password",
    "3D000, --analytics-postgres-url",
    "08004, --analytics-postgres-url",
  })
  void whatNoOtherTryCuresHasACure(String state, String cure) {
    assertEquals(false, SqlStates.isOutage(error(state)));
    assertEquals(true, SqlStates.isPermanent(error(state)));
    assertTrue(SqlStates.cure(error(state)).contains(cure), SqlStates.cure(error(state)));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "40001", "40P01", "55P03", "57014", "23505", "XX000"})
  void othersAreForTheJobsRestarts(String state) {
    assertEquals(false, SqlStates.isOutage(error(state)));
    assertEquals(false, SqlStates.isPermanent(error(state)));
  }

  private static SQLException error(String state) {
    return new SQLException("no", state);
  }
}
