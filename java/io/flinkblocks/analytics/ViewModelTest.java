package io.flinkblocks.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.analytics.TestingShop.Order;
import io.flinkblocks.analytics.TestingShop.Product;
import io.flinkblocks.analytics.TestingShop.User;
import io.flinkblocks.cdc.Change;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;

/** Whatever happens in the shop, the tables are what the reference queries say, after each step. */
class ViewModelTest {
  /** Something that happens in the shop. */
  record Step(String text, Function<TestingShop, List<Change>> change) {
    @Override
    public String toString() {
      return text;
    }
  }

  @Property(tries = 150)
  void tablesEqualTheirQueries(@ForAll("histories") List<Step> steps) throws Exception {
    play(steps, new HashMapStateBackend());
  }

  @Property(tries = 5)
  void tablesEqualTheirQueriesOnRocksDb(@ForAll("histories") List<Step> steps) throws Exception {
    play(steps, new EmbeddedRocksDBStateBackend());
  }

  private static void play(List<Step> steps, StateBackend backend) throws Exception {
    TestingShop shop = new TestingShop();
    try (TestingView customers = TestingView.open(View.CUSTOMERS, backend);
        TestingView products = TestingView.open(View.PRODUCTS, backend)) {
      for (Step step : steps) {
        List<Change> changes = step.change().apply(shop);
        assertEquals(shop.customers(), customers.send(changes).table());
        assertEquals(shop.products(), products.send(changes).table());
      }
      for (String table : List.of("orders", "users", "products")) {
        List<Change> changes = shop.truncate(table);
        assertEquals(shop.customers(), customers.send(changes).table());
        assertEquals(shop.products(), products.send(changes).table());
      }
      assertEquals(0, customers.states() + customers.times() + products.states());
    }
  }

  @Property(tries = 50)
  void oneViewDoesNotCareForTheOrderBetweenTables(
      @ForAll("histories") List<Step> steps, @ForAll boolean ordersFirst) throws Exception {
    TestingShop shop = new TestingShop();
    List<Change> orders = new ArrayList<>();
    List<Change> others = new ArrayList<>();
    for (Step step : steps) {
      for (Change change : step.change().apply(shop)) {
        (change.table().equals("orders") ? orders : others).add(change);
      }
    }
    try (TestingView customers = TestingView.open(View.CUSTOMERS, new HashMapStateBackend());
        TestingView products = TestingView.open(View.PRODUCTS, new HashMapStateBackend())) {
      for (TestingView view : List.of(customers, products)) {
        view.send(ordersFirst ? orders : others).send(ordersFirst ? others : orders);
      }
      assertEquals(shop.customers(), customers.table());
      assertEquals(shop.products(), products.table());
    }
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    return Arbitraries.frequencyOf(
            Tuple.of(6, users()),
            Tuple.of(5, products()),
            Tuple.of(20, orders()),
            Tuple.of(6, deletions()),
            Tuple.of(1, wholeTables()))
        .list()
        .ofMaxSize(60);
  }

  private static Arbitrary<Long> ids() {
    return Arbitraries.longs().between(1, 4);
  }

  private static Arbitrary<Step> users() {
    Arbitrary<String> tiers = Arbitraries.of("bronze", "gold", "", "x'; DROP TABLE users;--");
    return Combinators.combine(ids(), tiers, Arbitraries.of("a@x", "b@x"))
        .as(User::new)
        .map(user -> new Step("put " + user, shop -> shop.put(user)));
  }

  private static Arbitrary<Step> products() {
    return Combinators.combine(
            ids(),
            Arbitraries.of("books", "b\u00fccher", "\"\\\u0001"),
            Arbitraries.integers().between(-1, 2),
            Arbitraries.of("one", "another"))
        .as(Product::new)
        .map(product -> new Step("put " + product, shop -> shop.put(product)));
  }

  private static Arbitrary<Step> orders() {
    Arbitrary<BigDecimal> amounts =
        Arbitraries.longs()
            .between(-100, 999_999_999_999L)
            .edgeCases(edges -> edges.add(0L, 1L, 5L))
            .map(cents -> BigDecimal.valueOf(cents, 2));
    Arbitrary<Instant> times =
        Arbitraries.longs().between(-2, 4).map(i -> Instant.ofEpochSecond(i, i * 1000 + 7000));
    return Combinators.combine(
            Arbitraries.longs().between(1, 8),
            ids(),
            ids(),
            Arbitraries.integers().between(0, 3),
            amounts,
            Arbitraries.of("placed", "paid", "shipped", "cancelled"),
            times)
        .as(Order::new)
        .map(order -> new Step("put " + order, shop -> shop.put(order)));
  }

  private static Arbitrary<Step> deletions() {
    return Combinators.combine(
            Arbitraries.of("users", "products", "orders", "orders"),
            Arbitraries.longs().between(1, 8))
        .as((table, id) -> new Step("delete " + table + id, shop -> shop.delete(table, id)));
  }

  private static Arbitrary<Step> wholeTables() {
    return Combinators.combine(
            Arbitraries.of("users", "products", "orders"), Arbitraries.of(true, false))
        .as(
            (table, isRead) ->
                isRead
                    ? new Step("read " + table, shop -> shop.read(table))
                    : new Step("truncate " + table, shop -> shop.truncate(table)));
  }
}
