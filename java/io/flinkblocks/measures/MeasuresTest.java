package io.flinkblocks.measures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Event;
import io.flinkblocks.window.TestingEvents;
import java.math.BigDecimal;
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

class MeasuresTest {
  record Deed(String user, String action, BigDecimal price, int quantity) {
    Event event() {
      return TestingEvents.event("c", "e", user, action, price, quantity, 1);
    }
  }

  @Provide
  Arbitrary<List<Deed>> deeds() {
    Arbitrary<String> users = Arbitraries.integers().between(1, 30).map(i -> "\u00fcser-" + i);
    Arbitrary<String> actions = Arbitraries.of("view", "add_to_cart", "purchase", "wishlist");
    Arbitrary<BigDecimal> prices =
        Arbitraries.oneOf(
            Arbitraries.longs().between(0, 1_000_000_000L).map(m -> BigDecimal.valueOf(m, 6)),
            Arbitraries.of("0", "0.000001", "1000").map(BigDecimal::new));
    Arbitrary<Integer> quantities = Arbitraries.of(1, 2, 3, 1_000_000);
    return Combinators.combine(users, actions, prices, quantities)
        .as(Deed::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }

  @Property(tries = 200)
  void anyOrderAndAnyPartitionMeasureTheSame(@ForAll("deeds") List<Deed> deeds, @ForAll long seed) {
    Random random = new Random(seed);
    List<Deed> shuffled = new ArrayList<>(deeds);
    Collections.shuffle(shuffled, random);
    List<Measures> parts = new ArrayList<>();
    for (int i = random.nextInt(5); i >= 0; i--) {
      parts.add(new Measures());
    }
    shuffled.forEach(deed -> parts.get(random.nextInt(parts.size())).add(deed.event()));
    Measures total = new Measures();
    parts.forEach(total::addAll);

    assertEquals(model(deeds), show(total));
  }

  /** The contract in exact decimals. */
  private static String model(List<Deed> deeds) {
    List<Deed> purchases = deeds.stream().filter(d -> d.action().equals("purchase")).toList();
    List<BigDecimal> prices = deeds.stream().map(Deed::price).toList();
    BigDecimal revenue = BigDecimal.ZERO;
    for (Deed purchase : purchases) {
      revenue = revenue.add(purchase.price().multiply(BigDecimal.valueOf(purchase.quantity())));
    }
    return "%d events, %d purchases, %d users, revenue %s, prices %s from %s to %s"
        .formatted(
            deeds.size(),
            purchases.size(),
            deeds.stream().map(Deed::user).distinct().count(),
            millionths(revenue),
            millionths(prices.stream().reduce(BigDecimal::add).get()),
            millionths(Collections.min(prices)),
            millionths(Collections.max(prices)));
  }

  private static String show(Measures measures) {
    return "%d events, %d purchases, %d users, revenue %s, prices %s from %s to %s"
        .formatted(
            measures.events,
            measures.purchases,
            measures.users.size(),
            measures.revenue.toBigInteger(),
            measures.prices.toBigInteger(),
            measures.minMicros,
            measures.maxMicros);
  }

  private static String millionths(BigDecimal amount) {
    return amount.movePointRight(6).toBigIntegerExact().toString();
  }

  @Property(tries = 50)
  void copiesAndSumsShareNothingWithWhereTheyCameFrom(@ForAll("deeds") List<Deed> deeds) {
    Measures from = new Measures();
    deeds.forEach(deed -> from.add(deed.event()));
    String before = show(from);
    Measures copy = from.copy();
    assertEquals(before, show(copy));
    Measures sum = new Measures();
    sum.addAll(from);
    Event another = new Deed("someone else", "purchase", new BigDecimal("1001"), 7).event();
    copy.add(another);
    sum.add(another);

    assertEquals(before, show(from));
    assertEquals(show(sum), show(copy));
  }

  @Test
  void theFootprintGrowsWithTheUsers() {
    Measures measures = new Measures();
    long before = measures.footprint();
    for (int i = 0; i < 100; i++) {
      measures.add(new Deed("user-" + i, "view", BigDecimal.ONE, 1).event());
    }
    assertTrue(measures.footprint() > before + 1000);
  }
}
