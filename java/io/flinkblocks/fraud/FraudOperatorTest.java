package io.flinkblocks.fraud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Event;
import io.flinkblocks.ordered.TestingOrdered;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;

/** The rules in their operator. */
class FraudOperatorTest {
  private static final long T = 1_700_000_000_000L;
  private static final int DISORDER = 5_000;

  @Test
  void usersAreForgottenAfterTheHistory() throws Exception {
    try (TestingOrdered fraud = open(new HashMapStateBackend(), null)) {
      for (int i = 0; i < 100; i++) {
        for (int n = 0; n < 5; n++) {
          fraud.send(TestingPurchases.purchase("user " + i, "e" + n, "10", "" + n, T + n));
        }
      }
      fraud.send(TestingPurchases.purchase("active", "e", "10", null, T + 1000));
      fraud.watermark(T + 1000);
      assertEquals(200, fraud.take().size());
      assertEquals(101, fraud.entries());
      assertEquals(101, fraud.timers());

      fraud.send(TestingPurchases.purchase("active", "f", "10", null, T + 500_000));
      fraud.watermark(T + TestingPurchases.YEARS + 3);
      assertEquals(101, fraud.entries());
      fraud.watermark(T + TestingPurchases.YEARS + 4);
      assertEquals(1, fraud.entries());
      fraud.watermark(T + TestingPurchases.YEARS + 499_999);
      assertEquals(1, fraud.timers());
      fraud.watermark(T + TestingPurchases.YEARS + 500_000);
      assertEquals(0, fraud.entries());
      assertEquals(0, fraud.timers());
      assertEquals(List.of(), fraud.take());
    }
  }

  @Test
  void anyInterleavingWithinTheBoundGivesTheSameAlerts() throws Exception {
    List<Event> purchases = purchases(new Random(11));
    List<String> expected = new ArrayList<>();
    for (int user = 0; user < 5; user++) {
      String id = "user-" + user;
      expected.addAll(
          TestingNaiveRules.alerts(
              purchases.stream().filter(p -> p.userId().equals(id)).toList(),
              TestingPurchases.YEARS));
    }
    Collections.sort(expected);
    assertTrue(expected.size() > 100, expected.size() + " alerts");
    for (long seed = 0; seed < 6; seed++) {
      boolean rocksDb = seed % 3 == 2;
      assertEquals(
          expected,
          run(
              interleaved(purchases, new Random(seed)),
              rocksDb ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend()));
    }
  }

  @Test
  void buyersOfVeryManyAddressesNeedNotFitIntoMemory() throws Exception {
    List<List<String>> alerts = new ArrayList<>();
    for (StateBackend backend :
        List.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend())) {
      // So many slots that there is 1 MiB for each of them.
      FraudLogic logic = new FraudLogic(Thresholds.of(TestingPurchases.settings()));
      try (TestingOrdered fraud =
          TestingOrdered.of(Fraud.OUTPUT, logic).backend(backend).slots(1_000_000).open()) {
        // Six users, one after the other, twice; with 800 addresses of about 250 bytes each time.
        for (int i = 0; i < 9_600; i++) {
          String user = "user-" + i / 800 % 6;
          fraud.send(TestingPurchases.purchase(user, "e" + i, "10", "address " + i, T + 10L * i));
          fraud.watermark(T + 10L * i);
          if (i == 4_799 && backend instanceof EmbeddedRocksDBStateBackend) {
            assertTrue(fraud.entries() > 0 && fraud.entries() < 6, fraud.entries() + " written");
          }
        }
        alerts.add(fraud.take());
      }
    }
    assertTrue(alerts.get(0).size() >= 12, alerts.get(0).size() + " alerts");
    assertEquals(alerts.get(0), alerts.get(1));
  }

  /** Sorted alerts; with a restart in the middle. */
  private static List<String> run(List<Event> purchases, StateBackend backend) throws Exception {
    List<String> alerts = new ArrayList<>();
    OperatorSubtaskState state = null;
    long latest = 0;
    int half = purchases.size() / 2;
    for (List<Event> part :
        List.of(purchases.subList(0, half), purchases.subList(half, purchases.size()))) {
      try (TestingOrdered fraud = open(backend, state)) {
        for (Event purchase : part) {
          fraud.send(purchase);
          latest = Math.max(latest, purchase.timestamp());
          fraud.watermark(latest - DISORDER - 1);
        }
        state = fraud.snapshot();
        if (fraud.count("used") + fraud.count("held") == purchases.size()) {
          fraud.watermark(Long.MAX_VALUE);
          assertEquals(purchases.size(), fraud.count("used"));
          assertEquals(0, fraud.count("late") + fraud.count("held"));
        }
        alerts.addAll(fraud.take());
      }
    }
    Collections.sort(alerts);
    return alerts;
  }

  private static TestingOrdered open(StateBackend backend, OperatorSubtaskState state)
      throws Exception {
    FraudLogic logic = new FraudLogic(Thresholds.of(TestingPurchases.settings()));
    TestingOrdered.Builder<TestingOrdered> builder =
        TestingOrdered.of(Fraud.OUTPUT, logic).backend(backend);
    return (state == null ? builder : builder.restore(1, state)).open();
  }

  /** Bursts with many ties, and silence between them; some records come twice. */
  private static List<Event> purchases(Random random) {
    List<Event> purchases = new ArrayList<>();
    long time = T;
    for (int i = 0; i < 2_000; i++) {
      time += random.nextInt(50) == 0 ? random.nextInt(200_000) : random.nextInt(3) * 500;
      purchases.add(
          TestingPurchases.purchase(
              "user-" + random.nextInt(5),
              "e" + random.nextInt(50),
              List.of("0.5", "1", "20", "21.5", "300", "500", "7000").get(random.nextInt(7)),
              random.nextInt(3) == 0 ? null : "10.0.0." + random.nextInt(4),
              time));
      if (random.nextInt(20) == 0) {
        purchases.add(purchases.get(purchases.size() - 1));
      }
    }
    return purchases;
  }

  /** Each is at most the bound behind any that comes before it. */
  private static List<Event> interleaved(List<Event> purchases, Random random) {
    record Arrival(Event purchase, long at) {}
    return purchases.stream()
        .map(purchase -> new Arrival(purchase, purchase.timestamp() + random.nextInt(DISORDER)))
        .sorted(Comparator.comparingLong(Arrival::at))
        .map(Arrival::purchase)
        .toList();
  }
}
