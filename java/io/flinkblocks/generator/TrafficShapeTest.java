package io.flinkblocks.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Action;
import io.flinkblocks.event.Event;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What ordinary traffic looks like, within the margins of chance. */
class TrafficShapeTest {
  private static final int EVENTS = 400_000;

  // Visits that were on when the stream began are over by then...
  private static final int SETTLED = 60_000;

  // ... and from here on they are not complete: an event may arrive before one that it follows.
  private static final int ENDING = EVENTS - 1000;

  private static List<Event> events;

  @BeforeAll
  static void generate() {
    events = TestingTraffic.ordinary(11, EVENTS);
  }

  private static <K> Map<K, Double> shares(Function<Event, K> of) {
    return events.stream()
        .collect(Collectors.groupingBy(of, Collectors.summingDouble(event -> 1.0 / EVENTS)));
  }

  private static void assertNear(double wanted, double tolerance, double found) {
    assertTrue(Math.abs(found - wanted) <= tolerance, found + " is not near " + wanted);
  }

  @Test
  void actionsMakeAFunnel() {
    Map<Action, Double> shares = shares(Event::action);
    assertNear(0.52, 0.02, shares.get(Action.VIEW));
    assertNear(0.21, 0.02, shares.get(Action.ADD_TO_CART));
    assertNear(0.15, 0.01, shares.get(Action.PURCHASE));
    assertNear(0.09, 0.02, shares.get(Action.WISHLIST));
    assertNear(0.03, 0.01, shares.get(Action.REMOVE_FROM_CART));
  }

  @Test
  void recordsHaveTheUsualSize() {
    double bytes = events.stream().mapToInt(event -> event.raw().length).average().orElseThrow();
    assertNear(312, 5, bytes);
  }

  @Test
  void tenCategoriesOfDifferentSize() {
    Map<String, Double> shares = shares(Event::category);
    assertEquals(10, shares.size());
    assertNear(0.16, 0.015, shares.get("electronics"));
    assertNear(0.04, 0.01, shares.get("automotive"));
  }

  @Test
  void pricesBelongToProducts() {
    Map<String, Long> prices = new HashMap<>();
    for (Event event : events) {
      Long before = prices.put(event.productId(), event.priceMicros());
      assertTrue(before == null || before == event.priceMicros(), event.productId());
      assertEquals(0, event.priceMicros() % 10_000, "more than 2 decimals");
    }
    assertTrue(prices.size() > 1900 && prices.size() <= 2000, prices.size() + " products");
  }

  @Test
  void popularityOfProductsIsZipf() {
    List<Double> fashion =
        events.stream()
            .filter(event -> event.category().equals("fashion"))
            .collect(Collectors.groupingBy(Event::productId, Collectors.summingDouble(e -> 1)))
            .values()
            .stream()
            .sorted(Comparator.reverseOrder())
            .toList();
    // Exponent 1: rank 50 is a tenth of rank 5.
    assertNear(10, 2.5, fashion.get(4) / fashion.get(49));
    assertNear(10, 2.5, fashion.get(9) / fashion.get(99));
  }

  @Test
  void popularityOfUsersIsZipf() {
    List<Double> users =
        shares(Event::userId).values().stream().sorted(Comparator.reverseOrder()).toList();
    assertTrue(users.size() > 5_000 && users.size() <= ShopTraffic.USERS, users.size() + " users");
    // Exponent 0.6, the most frequent a bit less: nobody makes two visits at a time.
    assertNear(2.5, 0.5, users.get(299) / users.get(2999));
    assertTrue(users.get(0) < 0.0012, "share of " + users.get(0));
  }

  @Test
  void mostQuantitiesAreOne() {
    Map<Integer, Double> shares = shares(Event::quantity);
    assertTrue(shares.get(1) > 0.9 && shares.keySet().equals(Set.of(1, 2, 3, 4, 5)), "" + shares);
  }

  /** Each visit's events in the order of event time. */
  private static Map<String, List<Event>> visits() {
    Set<String> cut =
        Stream.concat(events.stream().limit(SETTLED), events.stream().skip(ENDING))
            .map(event -> event.string(Event.SESSION_ID))
            .collect(Collectors.toSet());
    return events.stream()
        .filter(event -> !cut.contains(event.string(Event.SESSION_ID)))
        .sorted(Comparator.comparingLong(Event::timestamp))
        .collect(Collectors.groupingBy(event -> event.string(Event.SESSION_ID)));
  }

  @Test
  void nothingIsBoughtThatWasNotPutInTheCartNorThatBeforeAView() {
    Map<String, List<Event>> visits = visits();
    assertTrue(visits.size() > 10_000);
    for (List<Event> visit : visits.values()) {
      Set<String> viewed = new HashSet<>();
      Map<String, Integer> cart = new HashMap<>();
      for (Event event : visit) {
        String product = event.productId();
        switch (event.action()) {
          case VIEW -> viewed.add(product);
          case ADD_TO_CART -> {
            assertTrue(viewed.contains(product));
            cart.merge(product, 1, Integer::sum);
          }
          case PURCHASE, REMOVE_FROM_CART -> assertTrue(cart.merge(product, -1, Integer::sum) >= 0);
          default -> assertTrue(viewed.contains(product));
        }
      }
    }
  }

  @Test
  void visitHasOneUserOneAddressAndOneDevice() {
    for (List<Event> visit : visits().values()) {
      Set<String> same =
          visit.stream()
              .map(event -> event.userId() + event.string(Event.IP_ADDRESS) + agent(event))
              .collect(Collectors.toSet());
      assertEquals(1, same.size());
    }
  }

  private static String agent(Event event) {
    String record = new String(event.raw());
    return record.substring(record.indexOf("\"source\""), record.indexOf("\"ip_address\""));
  }

  @Test
  void userHasAtMostTwoAddresses() {
    Map<String, Set<String>> addresses =
        events.stream()
            .collect(
                Collectors.groupingBy(
                    Event::userId,
                    Collectors.mapping(
                        event -> event.string(Event.IP_ADDRESS), Collectors.toSet())));
    assertTrue(addresses.values().stream().allMatch(set -> set.size() <= 2));
    assertTrue(addresses.values().stream().anyMatch(set -> set.size() == 2));
  }
}
