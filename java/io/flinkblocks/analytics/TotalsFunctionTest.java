package io.flinkblocks.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.analytics.TestingShop.Order;
import io.flinkblocks.analytics.TestingShop.Product;
import io.flinkblocks.analytics.TestingShop.User;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.Test;

class TotalsFunctionTest {
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant SECOND = FIRST.plusNanos(1_000);

  private final TestingShop shop = new TestingShop();

  @Test
  void ordersOfAnUnknownUserCountOnceTheUserComes() throws Exception {
    try (TestingView customers = customers()) {
      customers.send(shop.put(order(1, 7, "0.01", FIRST)));
      customers.send(shop.put(order(2, 7, "0.02", SECOND)));
      assertEquals(0, customers.upserts());
      customers.send(shop.put(new User(7, "gold", "e")));
      assertEquals(Map.of(7L, row("gold", 2, "0.03", "0.02", SECOND)), customers.table());
      assertEquals(1, customers.upserts());
    }
  }

  @Test
  void ordersOutlastTheirUser() throws Exception {
    try (TestingView customers = customers()) {
      customers.send(shop.put(new User(7, "gold", "e")));
      customers.send(shop.put(order(1, 7, "1.00", FIRST)));
      customers.send(shop.delete("users", 7));
      assertEquals(Map.of(), customers.table());
      assertEquals(1, customers.states());
      customers.send(shop.put(order(1, 7, "2.00", FIRST)));
      assertEquals(3, customers.upserts());
      customers.send(shop.put(new User(7, "silver", "e")));
      assertEquals(Map.of(7L, row("silver", 1, "2.00", "2.00", FIRST)), customers.table());
      customers.send(shop.delete("users", 7)).send(shop.delete("orders", 1));
      assertEquals(0, customers.states() + customers.times());
    }
  }

  @Test
  void aUserWithoutOrdersHasARow() throws Exception {
    try (TestingView customers = customers()) {
      customers.send(shop.put(new User(7, "gold", "e")));
      assertEquals(Map.of(7L, row("gold", 0, "0.00", null, null)), customers.table());
    }
  }

  @Test
  void theLatestOrderMayLeave() throws Exception {
    try (TestingView customers = customers()) {
      customers.send(shop.put(new User(7, "gold", "e")));
      customers.send(shop.put(order(1, 7, "1.00", FIRST)));
      customers.send(shop.put(order(2, 7, "1.00", SECOND)));
      customers.send(shop.put(order(3, 7, "1.00", SECOND)));
      customers.send(shop.delete("orders", 2));
      assertEquals(Map.of(7L, row("gold", 2, "2.00", "1.00", SECOND)), customers.table());
      customers.send(shop.delete("orders", 3));
      assertEquals(Map.of(7L, row("gold", 1, "1.00", "1.00", FIRST)), customers.table());
      customers.send(shop.delete("orders", 1));
      assertEquals(Map.of(7L, row("gold", 0, "0.00", null, null)), customers.table());
      assertEquals(0, customers.times());
    }
  }

  @Test
  void aRowThatStaysTheSameIsNotWritten() throws Exception {
    try (TestingView customers = customers();
        TestingView products = TestingView.open(View.PRODUCTS, new HashMapStateBackend())) {
      customers.send(shop.put(new User(7, "gold", "e"))).send(shop.put(new User(7, "gold", "f")));
      customers.send(shop.read("users"));
      assertEquals(1, customers.upserts());
      products.send(shop.put(new Product(5, "books", 1, "a")));
      products.send(shop.put(new Product(5, "books", 1, "b"))).send(shop.read("products"));
      assertEquals(1, products.upserts());
      products.send(shop.delete("products", 5)).send(shop.delete("products", 5));
      assertEquals(2, products.upserts());
    }
  }

  @Test
  void aProductOfOrdersThatCancelEachOtherOutHasNoStateLeft() throws Exception {
    try (TestingView products = TestingView.open(View.PRODUCTS, new HashMapStateBackend())) {
      products.send(shop.put(new Order(1, 7, 5, 2, new BigDecimal("3.00"), "paid", FIRST)));
      products.send(shop.put(new Order(2, 7, 5, -2, new BigDecimal("-3.00"), "paid", FIRST)));
      assertEquals(0, products.states());
      products.send(shop.put(new Product(5, "books", 1, "a"))).send(shop.delete("orders", 1));
      assertEquals(shop.products(), products.table());
    }
  }

  private static TestingView customers() throws Exception {
    return TestingView.open(View.CUSTOMERS, new HashMapStateBackend());
  }

  private static Order order(long id, long user, String amount, Instant time) {
    return new Order(id, user, 5, 1, new BigDecimal(amount), "paid", time);
  }

  private static List<Object> row(
      String tier, long count, String total, String average, Instant last) {
    BigDecimal mean = average == null ? null : new BigDecimal(average);
    return Arrays.asList(tier, count, new BigDecimal(total), mean, last);
  }
}
