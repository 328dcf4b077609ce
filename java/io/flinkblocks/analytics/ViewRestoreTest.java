package io.flinkblocks.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.analytics.TestingShop.Order;
import io.flinkblocks.analytics.TestingShop.Product;
import io.flinkblocks.analytics.TestingShop.User;
import io.flinkblocks.cdc.Change;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;

/** What the operators keep over restarts, with as many subtasks or another number. */
class ViewRestoreTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void customersGoOnInAnyNumberOfSubtasks() throws Exception {
    rescale(View.CUSTOMERS, new HashMapStateBackend());
    rescale(View.CUSTOMERS, new EmbeddedRocksDBStateBackend());
  }

  @Test
  void productsGoOnInAnyNumberOfSubtasks() throws Exception {
    rescale(View.PRODUCTS, new HashMapStateBackend());
    rescale(View.PRODUCTS, new EmbeddedRocksDBStateBackend());
  }

  private static void rescale(View view, StateBackend backend) throws Exception {
    TestingShop shop = new TestingShop();
    Supplier<Map<Long, List<Object>>> query =
        view == View.CUSTOMERS ? shop::customers : shop::products;
    Random random = new Random(11);
    TestingView now = TestingView.open(view, backend);
    for (int parallelism : new int[] {1, 3, 2, 8, 1}) {
      TestingView restored = now.restored(parallelism);
      now.close();
      now = restored;
      for (int i = 0; i < 400; i++) {
        now.send(anything(shop, random));
      }
      assertEquals(query.get(), now.table());
    }
    now.send(shop.truncate("orders")).send(shop.truncate(view.owners));
    assertEquals(Map.of(), now.table());
    assertEquals(0, now.states());
    now.close();
  }

  private static List<Change> anything(TestingShop shop, Random random) {
    long owner = 1 + random.nextInt(30);
    return switch (random.nextInt(8)) {
      case 0 -> shop.put(new User(owner, random.nextBoolean() ? "gold" : "silver", "e@x"));
      case 1 -> shop.put(new Product(owner, "books", random.nextInt(9), "a book"));
      case 2 -> shop.delete(random.nextBoolean() ? "users" : "products", owner);
      case 3 -> shop.delete("orders", random.nextInt(100));
      default -> shop.put(order(random.nextInt(100), random));
    };
  }

  private static Order order(long id, Random random) {
    return new Order(
        id,
        1 + random.nextInt(30),
        1 + random.nextInt(30),
        1 + random.nextInt(5),
        BigDecimal.valueOf(random.nextInt(100_000), 2),
        random.nextInt(4) == 0 ? "cancelled" : "paid",
        START.plusNanos(1_000L * random.nextInt(50)));
  }

  @Test
  void aFailureGoesBackToTheCheckpointAndEndsUpTheSame() throws Exception {
    TestingShop shop = new TestingShop();
    try (TestingView first = TestingView.open(View.CUSTOMERS, new HashMapStateBackend())) {
      first.send(shop.put(new User(1, "gold", "e@x")));
      first.send(shop.put(new Order(1, 1, 1, 1, new BigDecimal("2.50"), "paid", START)));
      try (TestingView second = first.restored(1)) {
        // What comes now reaches the table, and is read again after the failure.
        List<Change> lost = shop.put(new Order(2, 1, 1, 1, new BigDecimal("1.00"), "paid", START));
        List<Change> gone = shop.delete("orders", 1);
        first.send(lost).send(gone);
        second.send(lost).send(gone).send(shop.delete("users", 1));
        assertEquals(Map.of(), second.table());
        second.send(shop.put(new User(1, "bronze", "e@x")));
        assertEquals(shop.customers(), second.table());
      }
    }
  }
}
