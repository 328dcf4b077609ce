package io.flinkblocks.quality;

import static io.flinkblocks.quality.TestingChecks.GRACE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReferenceCheckTest {
  private static final long START = 1_000_000;
  private static final String OF_7 = "\"user_id\":7";
  private static final String USER = "\"email\":\"a@b.de\"";

  private final TestingShop shop = new TestingShop();
  private final TestingChecks orders = new TestingChecks(TestingRules.named("unknown_user"));

  @Test
  void anOrderOfAnUnknownUserIsToldWhenTheGraceIsOver() throws Exception {
    assertEquals(List.of(), orders.take(shop.write("orders", 1, OF_7)));
    assertEquals(List.of(), orders.until(START + GRACE - 1));
    assertEquals(List.of("1 7 is not in users @1000000"), orders.until(START + GRACE));
    assertEquals(List.of(), orders.until(Long.MAX_VALUE));
  }

  @Test
  void aUserMayComeUntilTheLastMoment() throws Exception {
    orders.take(shop.write("orders", 1, OF_7));
    assertEquals(List.of(), orders.take(shop.pass(GRACE).write("users", 7, USER)));
    assertEquals(List.of(), orders.until(Long.MAX_VALUE));
  }

  @Test
  void aUserWhoComesLaterClearsTheAlertsOfAllOrders() throws Exception {
    orders.take(shop.write("orders", 1, OF_7), shop.pass(5).write("orders", 2, OF_7));
    orders.take(shop.write("orders", 3, "\"user_id\":8"));
    assertEquals(
        List.of(
            "1 7 is not in users @1000000",
            "2 7 is not in users @1000005",
            "3 8 is not in users @1000005"),
        orders.until(START + 5 + GRACE));
    assertEquals(
        List.of("1 7 is in users now, cleared @1020005", "2 7 is in users now, cleared @1020005"),
        orders.take(shop.pass(2 * GRACE).write("users", 7, USER)));
    assertEquals(List.of(), orders.take(shop.write("users", 7, "\"email\":\"new\"")));
    assertEquals(List.of(), orders.take(shop.write("orders", 4, OF_7)));
    assertEquals(List.of(), orders.until(Long.MAX_VALUE));
  }

  @Test
  void anOrderThatGoesTakesItsAlertAlong() throws Exception {
    orders.take(shop.write("orders", 1, OF_7), shop.write("orders", 2, OF_7));
    assertEquals(List.of(), orders.take(shop.delete("orders", 2)));
    assertEquals(List.of("1 7 is not in users @1000000"), orders.until(START + GRACE));
    assertEquals(
        List.of("1 7 is gone or has another value, cleared @1010000"),
        orders.take(shop.pass(GRACE).delete("orders", 1)));
    assertEquals(List.of(), orders.until(Long.MAX_VALUE));
    assertTrue(orders.isEmpty());
  }

  @Test
  void anOrderMayTurnToAnotherUser() throws Exception {
    orders.take(shop.write("orders", 1, OF_7));
    orders.until(START + GRACE);
    assertEquals(
        List.of("1 7 is gone or has another value, cleared @1010000"),
        orders.take(shop.pass(GRACE).write("orders", 1, "\"user_id\":8")));
    assertEquals(
        List.of("1 8 is not in users @1010000"), orders.take(shop.pass(GRACE + 1).delete("x", 1)));
    assertEquals(
        List.of("1 8 is gone or has another value, cleared @1020001"),
        orders.take(shop.write("orders", 1, "\"user_id\":null")));
    assertTrue(orders.isEmpty());
  }

  @Test
  void aUserWhoIsDeletedLeavesOrdersBehind() throws Exception {
    orders.take(shop.write("users", 7, USER), shop.write("orders", 1, OF_7));
    assertEquals(List.of(), orders.until(START + 5 * GRACE));
    orders.take(shop.pass(6 * GRACE).delete("users", 7));
    assertEquals(List.of("1 7 is not in users @1060000"), orders.until(START + 7 * GRACE));
    assertEquals(
        List.of("1 7 is in users now, cleared @1120000"),
        orders.take(shop.pass(6 * GRACE).write("users", 7, USER)));
  }

  @Test
  void aUserMayComeBackWithinTheGrace() throws Exception {
    orders.take(shop.write("users", 7, USER), shop.write("orders", 1, OF_7));
    orders.take(shop.delete("users", 7), shop.pass(GRACE).write("users", 7, USER));
    orders.take(shop.pass(1).delete("users", 7));
    assertEquals(List.of(), orders.until(START + 2 * GRACE));
    assertEquals(List.of("1 7 is not in users @1010001"), orders.until(Long.MAX_VALUE));
  }

  @Test
  void truncatesTakeUsersAndOrders() throws Exception {
    orders.take(shop.write("users", 1, USER), shop.write("users", 2, USER));
    orders.take(shop.write("orders", 1, "\"user_id\":1"), shop.write("orders", 2, "\"user_id\":2"));
    orders.take(shop.pass(9).truncate("users", 9));
    assertEquals(
        List.of("1 1 is not in users @1000009", "2 2 is not in users @1000009"),
        orders.until(START + 9 + GRACE));
    assertEquals(
        List.of(
            "1 1 is gone or has another value, cleared @1050009",
            "2 2 is gone or has another value, cleared @1050009"),
        orders.take(shop.pass(5 * GRACE).truncate("orders", 9)));
    assertTrue(orders.isEmpty());
  }

  @Test
  void snapshotsSayWhatThereIs() throws Exception {
    orders.take(shop.read("orders", 1, OF_7), shop.read("orders", 2, "\"user_id\":8"));
    orders.take(shop.read("users", 7, USER));
    assertEquals(List.of("2 8 is not in users @1000000"), orders.until(START + GRACE));
    assertEquals(
        List.of(),
        orders.take(shop.read("orders", 2, "\"user_id\":8"), shop.read("users", 7, USER)));
    assertEquals(List.of(), orders.until(Long.MAX_VALUE));
  }

  @Test
  void referencesMayBeTextsToAnyField() throws Exception {
    TestingChecks items =
        new TestingChecks(
            TestingRules.of(
                "table: items", "field: sku", "check: reference", "to: products", "to-field: sku"));
    String sku = "\"sku\":\"x'; DROP TABLE users;--\\u0000\"";
    items.take(shop.write("items", 1, sku), shop.write("items", 2, "\"sku\":\"b\""));
    items.take(shop.write("products", 1, "\"sku\":\"b\""), shop.write("products", 1, sku));
    assertEquals(List.of("2 \"b\" is not in products @1000000"), items.until(Long.MAX_VALUE));
  }
}
