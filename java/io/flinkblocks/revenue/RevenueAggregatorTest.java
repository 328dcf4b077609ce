package io.flinkblocks.revenue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.Firing;
import io.flinkblocks.window.TestingEvents;
import io.flinkblocks.window.Window;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RevenueAggregatorTest {
  private static final Window WINDOW = new Window(60_000, 120_000);

  private final RevenueAggregator aggregator = new RevenueAggregator();

  record Purchase(String user, BigDecimal price, int quantity) {
    Event event() {
      return TestingEvents.purchase("c", user, price, quantity, 60_000);
    }

    BigDecimal amount() {
      return price.multiply(BigDecimal.valueOf(quantity));
    }
  }

  @Provide
  Arbitrary<Purchase> purchases() {
    Arbitrary<String> users =
        Arbitraries.oneOf(
            Arbitraries.of("u1", "u2", "u3", "\u00fc1", "\"u\\1\"", "u".repeat(256)),
            Arbitraries.integers().between(1, 1000).map(i -> "user-" + i));
    Arbitrary<BigDecimal> prices =
        Arbitraries.oneOf(
            Arbitraries.longs().between(0, 1_000_000_000L).map(m -> BigDecimal.valueOf(m, 6)),
            Arbitraries.longs().between(0, 100_000).map(m -> BigDecimal.valueOf(m, 2)),
            Arbitraries.of("0", "0.000001", "0.005", "999.999999", "0.1").map(BigDecimal::new));
    Arbitrary<Integer> quantities =
        Arbitraries.oneOf(Arbitraries.integers().between(1, 5), Arbitraries.of(1_000_000));
    return Combinators.combine(users, prices, quantities).as(Purchase::new);
  }

  @Property(tries = 300)
  void anyOrderAndAnyPartitionGiveTheModelsResult(
      @ForAll("purchaseLists") List<Purchase> purchases, @ForAll long seed) {
    Random random = new Random(seed);
    List<Purchase> shuffled = new ArrayList<>(purchases);
    Collections.shuffle(shuffled, random);
    RevenueAccumulator[] parts = new RevenueAccumulator[1 + random.nextInt(5)];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = aggregator.create();
    }
    for (Purchase purchase : shuffled) {
      aggregator.add(purchase.event(), parts[random.nextInt(parts.length)]);
    }
    RevenueAccumulator total = aggregator.create();
    for (RevenueAccumulator part : parts) {
      aggregator.merge(part, total);
    }

    assertEquals(model("c", purchases), result("c", total));
  }

  @Provide
  Arbitrary<List<Purchase>> purchaseLists() {
    return purchases().list().ofMinSize(1).ofMaxSize(50);
  }

  /** The contract in exact decimals. */
  private static String model(String category, List<Purchase> purchases) {
    BigDecimal total = purchases.stream().map(Purchase::amount).reduce(BigDecimal::add).get();
    BigDecimal max = purchases.stream().map(Purchase::amount).reduce(BigDecimal::max).get();
    long users = purchases.stream().map(Purchase::user).distinct().count();
    BigDecimal average =
        total.divide(BigDecimal.valueOf(purchases.size()), 2, RoundingMode.HALF_UP);
    return ("{\"window_key\":\"%s\",\"window_start\":60000,\"window_end\":120000,"
            + "\"total_revenue\":%s,\"order_count\":%d,\"unique_users\":%d,"
            + "\"avg_order_value\":%s,\"max_order_value\":%s}")
        .formatted(category, json(total), purchases.size(), users, json(average), json(max));
  }

  private static String json(BigDecimal amount) {
    BigDecimal shortest = amount.stripTrailingZeros();
    return (shortest.scale() < 2 ? shortest.setScale(2) : shortest).toPlainString();
  }

  private String result(String category, RevenueAccumulator revenue) {
    List<OutputRecord> records = new ArrayList<>();
    aggregator.emit(Firing.once(category, WINDOW), revenue, records::add);
    OutputRecord record = records.get(0);
    assertEquals(1, records.size());
    assertEquals("revenue-metrics", record.output());
    assertEquals(category, new String(record.key(), StandardCharsets.UTF_8));
    return new String(record.value(), StandardCharsets.UTF_8);
  }

  @Test
  void theAverageIsRoundedHalfUp() {
    RevenueAccumulator revenue = aggregator.create();
    for (String price : List.of("0.01", "0.02")) {
      aggregator.add(new Purchase("u", new BigDecimal(price), 1).event(), revenue);
    }
    assertEquals(
        "{\"window_key\":\"caf\u00e9 \\\"x\\\"\",\"window_start\":60000,\"window_end\":120000,"
            + "\"total_revenue\":0.03,\"order_count\":2,\"unique_users\":1,"
            + "\"avg_order_value\":0.02,\"max_order_value\":0.02}",
        result("caf\u00e9 \"x\"", revenue));
  }

  @Test
  void totalsBeyondALongAreExact() {
    // 20,000 orders of the largest amount are 2 * 10^19 millionths, more than 2^63.
    RevenueAccumulator revenue = aggregator.create();
    Event largest = new Purchase("u", new BigDecimal("1000.000000"), 1_000_000).event();
    for (int i = 0; i < 20_000; i++) {
      aggregator.add(largest, revenue);
    }
    aggregator.add(new Purchase("v", new BigDecimal("0.000001"), 1).event(), revenue);
    assertEquals(
        "{\"window_key\":\"c\",\"window_start\":60000,\"window_end\":120000,"
            + "\"total_revenue\":20000000000000.000001,\"order_count\":20001,\"unique_users\":2,"
            + "\"avg_order_value\":999950002.50,\"max_order_value\":1000000000.00}",
        result("c", revenue));
  }

  @Property(tries = 50)
  void mergingLeavesTheSourceAsItWas(@ForAll("purchaseLists") List<Purchase> purchases) {
    RevenueAccumulator from = aggregator.create();
    purchases.forEach(purchase -> aggregator.add(purchase.event(), from));
    String before = result("c", from);
    RevenueAccumulator into = aggregator.create();
    aggregator.merge(from, into);
    aggregator.add(new Purchase("someone else", BigDecimal.TEN, 7).event(), into);

    assertEquals(before, result("c", from));
  }
}
