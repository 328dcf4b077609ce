package io.flinkblocks.quality;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.flinkblocks.cdc.Change;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import org.junit.jupiter.api.Test;

class RowChecksTest {
  private static final Rule EMAIL = TestingRules.named("malformed_email");
  private static final Rule PRICE = TestingRules.named("non_positive_price");
  private static final Rule UPDATED = TestingRules.named("updated_at_goes_back");

  private final TestingShop shop = new TestingShop();

  @Test
  void aMalformedAddressIsToldOnceUntilItChanges() {
    assertEquals("\"a\" is no e-mail address", email(shop.write("users", 1, "\"email\":\"a\"")));
    assertNull(email(shop.write("users", 1, "\"email\":\"a\",\"tier\":\"gold\"")));
    assertEquals("\"b\" is no e-mail address", email(shop.write("users", 1, "\"email\":\"b\"")));
    assertNull(email(shop.write("users", 1, "\"email\":\"b@c.de\"")));
    assertEquals("\"b\" is no e-mail address", email(shop.write("users", 1, "\"email\":\"b\"")));
    assertNull(email(shop.delete("users", 1)));
  }

  @Test
  void whatASnapshotReadsIsJudgedOnce() {
    assertEquals("\"a\" is no e-mail address", email(shop.read("users", 1, "\"email\":\"a\"")));
    assertNull(email(shop.read("users", 1, "\"email\":\"a\"")));
    assertEquals("\"b\" is no e-mail address", email(shop.correct("users", 1, "\"email\":\"b\"")));
    assertNull(email(shop.correct("users", 1, null)));
  }

  @Test
  void nullsAndMissingColumnsAreNothingToJudge() {
    assertNull(email(shop.write("users", 1, "\"email\":null")));
    assertNull(email(shop.write("users", 2, "\"tier\":\"gold\"")));
    assertNull(check(PRICE, shop.write("products", 1, "\"price\":null")));
    assertNull(check(UPDATED, shop.write("users", 1, "\"updated_at\":null")));
  }

  @Test
  void anAddressThatIsNoTextIsMalformed() {
    assertEquals("7 is no e-mail address", email(shop.write("users", 1, "\"email\":7")));
  }

  @Test
  void pricesAreAboveZero() {
    assertNull(price("0.01"));
    assertNull(price("12"));
    assertNull(price("\"12.50\""));
    assertNull(price("1e-9"));
    for (String price : new String[] {"0.00", "-0.00", "-5", "\"-1\"", "\"NaN\"", "\"x\"", "{}"}) {
      assertEquals(price + " is no number above 0", price(price));
    }
  }

  private String price(String json) {
    return check(PRICE, shop.write("products", 1, "\"price\":" + json));
  }

  @Test
  void timesDoNotGoBack() {
    assertNull(updated("2024-05-01T12:00:00Z"));
    assertNull(updated("2024-05-01T12:00:00.000001Z"));
    assertEquals(
        "\"2024-05-01T12:00:00Z\" was 2024-05-01T12:00:00.000001Z before",
        updated("2024-05-01T12:00:00Z"));
    assertNull(updated("2024-05-01T12:00:00Z"));
    assertNull(updated("no time"));
    assertNull(updated("2023-05-01T12:00:00Z"));
    assertNull(check(UPDATED, shop.delete("orders", 1)));
    assertNull(updated("2022-05-01T12:00:00Z"), "of a new row");
  }

  @Test
  void numbersDoNotGoBack() {
    Rule rule = TestingRules.of("table: t", "field: version", "check: not-before");
    assertNull(check(rule, shop.write("t", 1, "\"version\":9")));
    assertNull(check(rule, shop.write("t", 1, "\"version\":10")));
    assertEquals("9 was 10 before", check(rule, shop.write("t", 1, "\"version\":9")));
    assertNull(check(rule, shop.write("t", 1, "\"version\":null")));
    assertNull(check(rule, shop.write("t", 1, "\"version\":1")));
    assertNull(check(rule, shop.write("t", 1, "\"version\":\"2000-01-01T00:00:00Z\"")));
  }

  private String updated(String time) {
    return check(UPDATED, shop.write("orders", 1, "\"updated_at\":\"" + time + "\""));
  }

  @Test
  void theRecordHasTheContractsFieldsInTheirOrder() {
    Change change = shop.write("users", 1, "\"email\":\"x'; DROP TABLE users;--\\u0000\"");
    OutputRecord record =
        RowChecks.check(EMAIL, change).record(EMAIL, change.table(), new JsonWriter());
    assertEquals("data-quality-alerts", record.output());
    assertEquals("users:{\"id\":1}", new String(record.key(), UTF_8));
    assertEquals(
        "{\"rule\":\"malformed_email\",\"severity\":\"medium\",\"table\":\"users\","
            + "\"key\":{\"id\":1},\"field\":\"email\","
            + "\"value\":\"x'; DROP TABLE users;--\\u0000\",\"detail\":\"is no e-mail address\","
            + "\"cleared\":false,\"time\":1000000,\"lsn\":\"0/3E9\"}",
        new String(record.value(), UTF_8));
  }

  @Test
  void theRecordOfATableHasNoKey() {
    Rule rule = TestingRules.named("schema_drift");
    Alert alert = new Alert(null, "c", null, "was dropped", false, 5, 0);
    OutputRecord record = alert.record(rule, "shop.t", new JsonWriter());
    assertEquals("shop.t", new String(record.key(), UTF_8));
    assertEquals(
        "{\"rule\":\"schema_drift\",\"severity\":\"medium\",\"table\":\"shop.t\",\"key\":null,"
            + "\"field\":\"c\",\"value\":null,\"detail\":\"was dropped\",\"cleared\":false,"
            + "\"time\":5,\"lsn\":null}",
        new String(record.value(), UTF_8));
  }

  private static String email(Change change) {
    return check(EMAIL, change);
  }

  /** Value and detail of the alert; null when there is none. */
  private static String check(Rule rule, Change change) {
    Alert alert = RowChecks.check(rule, change);
    return alert == null ? null : new String(alert.value(), UTF_8) + " " + alert.detail();
  }
}
