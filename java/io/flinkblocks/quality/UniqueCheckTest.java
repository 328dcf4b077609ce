package io.flinkblocks.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.cdc.Change;
import java.util.List;
import org.junit.jupiter.api.Test;

class UniqueCheckTest {
  private final TestingShop shop = new TestingShop();
  private final TestingChecks users = new TestingChecks(TestingRules.named("duplicate_email"));

  @Test
  void eachFurtherRowIsTold() throws Exception {
    assertEquals(List.of(), users.take(user(1, "a@b.de"), user(2, "c@b.de")));
    assertEquals(List.of("3 \"A@b.de\" is in 2 rows @1000000"), users.take(user(3, "A@b.de")));
    assertEquals(List.of("2 \"a@B.DE\" is in 3 rows @1000000"), users.take(user(2, "a@B.DE")));
    assertEquals(List.of(), users.take(user(4, "c@b.de")));
  }

  @Test
  void aRowThatGoesOrChangesIsCleared() throws Exception {
    users.take(user(1, "a"), user(2, "a"), user(3, "a"), user(4, "a"));
    assertEquals(
        List.of("2 \"a\" is gone or has another value, cleared @1000005"),
        users.take(shop.pass(5).delete("users", 2)));
    assertEquals(
        List.of("4 \"a\" is gone or has another value, cleared @1000005"),
        users.take(user(4, "b")));
    assertEquals(List.of("4 \"a\" is in 3 rows @1000005"), users.take(user(4, "a")));
    assertEquals(
        List.of("4 \"a\" is gone or has another value, cleared @1000005"),
        users.take(shop.write("users", 4, "\"email\":null")));
  }

  @Test
  void theLastOneThatIsLeftIsCleared() throws Exception {
    users.take(user(1, "a"), user(2, "a"), user(3, "a"));
    assertEquals(List.of(), users.take(shop.delete("users", 1)));
    assertEquals(
        List.of(
            "3 \"a\" is gone or has another value, cleared @1000000",
            "2 \"a\" is in no other row now, cleared @1000000"),
        users.take(shop.delete("users", 3)));
    assertEquals(List.of("1 \"a\" is in 2 rows @1000000"), users.take(user(1, "a")));
    assertEquals(
        List.of("1 \"a\" is in no other row now, cleared @1000000"),
        users.take(shop.delete("users", 2)));
  }

  @Test
  void aFirstRowThatIsLeftAloneHasNothingToClear() throws Exception {
    users.take(user(1, "a"), user(2, "a"));
    assertEquals(
        List.of("2 \"a\" is gone or has another value, cleared @1000000"),
        users.take(shop.delete("users", 2)));
    assertEquals(List.of(), users.take(shop.delete("users", 1)));
    assertTrue(users.isEmpty());
  }

  @Test
  void otherFieldsAndCapitalsChangeNothing() throws Exception {
    users.take(user(1, "a"), user(2, "a"));
    assertEquals(
        List.of(),
        users.take(
            user(2, "A"),
            shop.write("users", 1, "\"email\":\"a\",\"tier\":\"gold\""),
            shop.read("users", 1, "\"email\":\"a\"")));
    assertEquals(
        List.of("2 \"a\" is gone or has another value, cleared @1000000"),
        users.take(shop.delete("users", 2)));
  }

  @Test
  void aTruncateTakesAll() throws Exception {
    users.take(user(1, "a"), user(2, "a"), user(3, "a"));
    assertEquals(
        List.of(
            "2 \"a\" is gone or has another value, cleared @1000000",
            "3 \"a\" is in no other row now, cleared @1000000"),
        users.take(shop.truncate("users", 9)));
    assertTrue(users.isEmpty());
  }

  @Test
  void aCorrectionMovesARow() throws Exception {
    users.take(user(1, "a"), user(2, "b"));
    assertEquals(
        List.of("2 \"a\" is in 2 rows @1000000"),
        users.take(shop.correct("users", 2, "\"email\":\"a\"")));
    assertEquals(
        List.of("2 \"a\" is gone or has another value, cleared @1000000"),
        users.take(user(2, "c")));
  }

  @Test
  void anythingCanBeUnique() throws Exception {
    TestingChecks skus =
        new TestingChecks(TestingRules.of("table: products", "field: sku", "check: unique"));
    skus.take(shop.write("products", 1, "\"sku\":17"));
    assertEquals(
        List.of("2 \"17\" is in 2 rows @1000000"),
        skus.take(shop.write("products", 2, "\"sku\":\"17\"")));
    assertEquals(List.of(), skus.take(shop.write("users", 3, "\"sku\":17")));
  }

  private Change user(int id, String email) {
    return shop.write("users", id, "\"email\":\"" + email + "\"");
  }
}
