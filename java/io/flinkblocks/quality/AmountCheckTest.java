package io.flinkblocks.quality;

import static io.flinkblocks.quality.TestingChecks.GRACE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.cdc.Change;
import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AmountCheckTest {
  private final TestingShop shop = new TestingShop();
  private final TestingChecks orders = new TestingChecks(TestingRules.named("amount_mismatch"));

  @Property(tries = 200)
  void amountsAreComparedExactly(
      @ForAll @IntRange(min = -5, max = 1_000) int quantity,
      @ForAll @IntRange(max = 100_000) int cents,
      @ForAll @IntRange(min = -3, max = 3) int away)
      throws Exception {
    BigDecimal price = BigDecimal.valueOf(cents, 2);
    BigDecimal right = price.multiply(BigDecimal.valueOf(quantity));
    BigDecimal amount = right.add(BigDecimal.valueOf(away, 2));
    TestingShop database = new TestingShop();
    TestingChecks check = new TestingChecks(TestingRules.named("amount_mismatch"));
    check.take(database.write("products", 1, price(price.toPlainString())));
    List<String> alerts =
        check.take(database.write("orders", 1, order(1, quantity, amount.toPlainString())));
    List<String> expected =
        List.of(
            "1 %s %d x %s is %s @1000000"
                .formatted(
                    amount.toPlainString(),
                    quantity,
                    price.toPlainString(),
                    right.toPlainString()));
    assertEquals(Math.abs(away) > 1 ? expected : List.of(), alerts);
  }

  @Test
  void aLaterPriceIsAnotherMatter() throws Exception {
    orders.take(shop.write("products", 1, price("5.00")));
    assertEquals(List.of(), orders.take(shop.write("orders", 1, order(1, 2, "10.00"))));
    assertEquals(List.of(), orders.take(shop.write("products", 1, price("6.00"))));
    assertEquals(List.of(), orders.take(shop.write("orders", 2, order(1, 2, "12.00"))));
    assertEquals(
        List.of("3 10.00 2 x 6.00 is 12.00 @1000000"),
        orders.take(shop.write("orders", 3, order(1, 2, "10.00"))));
  }

  @Test
  void onlyChangesOfTheFactorsAreJudged() throws Exception {
    orders.take(shop.write("products", 1, price("5.00")), shop.write("products", 2, price("1.00")));
    orders.take(shop.write("orders", 1, order(1, 2, "99.00")));
    assertEquals(
        List.of(),
        orders.take(shop.write("orders", 1, order(1, 2, "99.00") + ",\"status\":\"paid\"")));
    assertEquals(
        List.of("1 99.00 3 x 5.00 is 15.00 @1000000"),
        orders.take(shop.write("orders", 1, order(1, 3, "99.00"))));
    assertEquals(
        List.of("1 99.00 3 x 1.00 is 3.00 @1000000"),
        orders.take(shop.write("orders", 1, order(2, 3, "99.00"))));
    assertEquals(List.of(), orders.take(shop.write("orders", 1, order(2, 3, "3.01"))));
    assertEquals(List.of(), orders.take(shop.delete("orders", 1)));
  }

  @Test
  void anOrderWaitsForItsProductWithinTheGrace() throws Exception {
    orders.take(shop.write("orders", 1, order(1, 2, "9.00")));
    orders.take(shop.write("orders", 2, order(1, 2, "10.00")));
    assertEquals(
        List.of("1 9.00 2 x 5.00 is 10.00 @1000000"),
        orders.take(shop.pass(GRACE).write("products", 1, price("5.00"))));
    assertEquals(List.of(), orders.take(shop.write("products", 1, price("8.00"))));
    assertEquals(List.of(), orders.until(Long.MAX_VALUE));
  }

  @Test
  void anOrderThatChangesWaitsAnew() throws Exception {
    orders.take(shop.write("orders", 1, order(1, 2, "9.00")));
    orders.take(shop.pass(5).write("orders", 1, order(1, 3, "9.00")));
    assertEquals(
        List.of("1 9.00 3 x 5.00 is 15.00 @1000005"),
        orders.take(shop.pass(GRACE).write("products", 1, price("5.00"))));
  }

  @Test
  void withoutAPriceThereIsNothingToSay() throws Exception {
    orders.take(shop.write("orders", 1, order(1, 2, "9.00")));
    orders.take(shop.pass(1).write("orders", 1, order(1, 3, "9.00")));
    orders.take(shop.write("orders", 2, order(1, 2, "9.00")), shop.delete("orders", 2));
    assertEquals(List.of(), orders.until(shop.time() + GRACE));
    assertTrue(orders.isEmpty());
    assertEquals(List.of(), orders.take(shop.pass(GRACE + 1).write("products", 1, price("5.00"))));
    assertEquals(List.of(), orders.take(shop.write("products", 1, price("null"))));
    assertEquals(List.of(), orders.take(shop.write("orders", 3, order(1, 2, "9.00"))));
    orders.take(shop.delete("products", 1));
    orders.take(shop.write("orders", 4, order(1, 2, "9.00")));
    assertEquals(List.of(), orders.until(Long.MAX_VALUE));
  }

  @Test
  void whatASnapshotReadsIsNotJudged() throws Exception {
    orders.take(shop.read("products", 1, price("5.00")));
    assertEquals(List.of(), orders.take(shop.read("orders", 1, order(1, 2, "9.00"))));
    assertEquals(List.of(), orders.take(shop.correct("orders", 1, order(1, 2, "8.00"))));
    assertEquals(
        List.of("1 7.00 2 x 5.00 is 10.00 @1000000"),
        orders.take(shop.write("orders", 1, order(1, 2, "7.00"))));
  }

  @Test
  void whatIsNoNumberCannotBeTold() throws Exception {
    orders.take(shop.write("products", 1, price("\"5.00\"")));
    assertEquals(List.of(), orders.take(shop.write("orders", 1, order(1, 2, "\"ten\""))));
    assertEquals(List.of(), orders.take(shop.write("orders", 2, order(1, 2, "null"))));
    assertEquals(
        List.of("3 \"9\" 2 x 5.00 is 10.00 @1000000"),
        orders.take(shop.write("orders", 3, order(1, 2, "\"9\""))));
    Change other = shop.write("orders", 4, "\"product_id\":1,\"amount\":3");
    assertEquals(List.of(), orders.take(other));
  }

  private static String price(String price) {
    return "\"price\":" + price;
  }

  private static String order(int product, int quantity, String amount) {
    return "\"product_id\":%d,\"quantity\":%d,\"amount\":%s".formatted(product, quantity, amount);
  }
}
