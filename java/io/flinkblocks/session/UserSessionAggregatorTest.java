package io.flinkblocks.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.SessionFiring;
import io.flinkblocks.window.SessionOperator;
import io.flinkblocks.window.TestingSessions;
import java.math.BigDecimal;
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
import net.jqwik.api.Tuple;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;

class UserSessionAggregatorTest {
  private final UserSessionAggregator aggregator =
      new UserSessionAggregator(Sessions.OUTPUT, false);
  private final TestingOverflow overflow = new TestingOverflow();

  record Step(String product, String action, BigDecimal price, int quantity) {
    Event event(long timestamp) {
      return TestingVisits.event("e", "u", product, action, price, quantity, timestamp);
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<String> products =
        Arbitraries.oneOf(
            Arbitraries.of("p1", "p2", "\u00fc", "p\"1"),
            Arbitraries.integers().between(1, 100).map(i -> "product-" + i),
            // A few of them fill what a session has with it.
            Arbitraries.integers().between(1, 20).map(i -> "x".repeat(240) + i));
    Arbitrary<String> actions =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.of("view", "add_to_cart", "purchase", "wishlist", "Purchase")),
            Tuple.of(1, Arbitraries.of("remove_from_cart", "\u00e4", "\"\\\n")),
            Tuple.of(1, Arbitraries.integers().between(1, 40).map(i -> "action-" + i)));
    Arbitrary<BigDecimal> prices =
        Arbitraries.oneOf(
            Arbitraries.longs().between(0, 1_000_000_000L).map(m -> BigDecimal.valueOf(m, 6)),
            Arbitraries.of("0", "0.000001", "0.005", "999.999999", "0.1").map(BigDecimal::new));
    return Combinators.combine(products, actions, prices, Arbitraries.integers().between(1, 5))
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(150);
  }

  /** Through the operator: it tells the aggregator what to add and to join. */
  @Property(tries = 150)
  void anyOrderAndAnyJoiningGiveTheModelsRecord(
      @ForAll("steps") List<Step> steps, @ForAll long seed) throws Exception {
    check(steps, new Random(seed), new HashMapStateBackend());
  }

  @Property(tries = 10)
  void theSameOnRocksDb(@ForAll("steps") List<Step> steps, @ForAll long seed) throws Exception {
    check(steps, new Random(seed), new EmbeddedRocksDBStateBackend());
  }

  private void check(List<Step> steps, Random random, StateBackend backend) throws Exception {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      events.add(steps.get(i).event(1_000 + 10L * i));
    }
    List<Event> shuffled = new ArrayList<>(events);
    Collections.shuffle(shuffled, random);
    try (TestingSessions sessions =
        TestingSessions.of(
                Sessions.OUTPUT, new SessionOperator<>(Sessions.OUTPUT, aggregator, 10, 0))
            .backend(backend)
            .open()) {
      for (Event event : shuffled) {
        sessions.send(event);
      }
      sessions.watermark(Long.MAX_VALUE);
      assertEquals(List.of(TestingVisits.record(events)), sessions.take());
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void aRecordHasTheFieldsOfTheContract() {
    UserSession session = aggregator.create();
    for (String action : List.of("view", "purchase", "PURCHASE", "wishlist", "view", "a\"b")) {
      aggregator.add(new Step("p" + action, action, BigDecimal.ONE, 3).event(7), session, overflow);
    }
    List<OutputRecord> records = new ArrayList<>();
    aggregator.emit(SessionFiring.once("caf\u00e9 \"x\""), session, overflow, records::add);
    aggregator.retract("caf\u00e9 \"x\"", 7, records::add);

    String identity = "{\"user_id\":\"caf\u00e9 \\\"x\\\"\",\"session_start\":";
    assertEquals(
        List.of(
            // Start, end and number of events are the operator's.
            identity
                + "0,\"session_end\":0,\"duration_ms\":0,\"event_count\":0,"
                + "\"actions\":{\"PURCHASE\":1,\"a\\\"b\":1,\"purchase\":1,\"view\":2,"
                + "\"wishlist\":1},\"unique_products\":5,\"purchase_count\":1,\"revenue\":3.00,"
                + "\"converted\":true}",
            identity + "7,\"retracted\":true}"),
        records.stream().map(r -> new String(r.value(), StandardCharsets.UTF_8)).toList());
    for (OutputRecord record : records) {
      assertEquals("user-sessions", record.output());
      assertEquals("caf\u00e9 \"x\"", new String(record.key(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void aWindowingRecordTellsItsRevisionOrThatItIsEarly() {
    UserSessionAggregator windowing = new UserSessionAggregator(SessionWindows.OUTPUT, true);
    UserSession session = windowing.create();
    windowing.add(new Step("p", "view", BigDecimal.ONE, 1).event(7), session, overflow);
    List<OutputRecord> records = new ArrayList<>();
    windowing.emit(new SessionFiring("u", 3, false), session, overflow, records::add);
    windowing.emit(new SessionFiring("u", 3, true), session, overflow, records::add);
    windowing.retract("u", 7, records::add);

    String fields =
        "{\"user_id\":\"u\",\"session_start\":0,\"session_end\":0,\"duration_ms\":0,"
            + "\"event_count\":0,\"actions\":{\"view\":1},\"unique_products\":1,"
            + "\"purchase_count\":0,\"revenue\":0.00,\"converted\":false";
    assertEquals(
        List.of(
            fields + ",\"revision\":3}",
            fields + ",\"early\":true}",
            "{\"user_id\":\"u\",\"session_start\":7,\"retracted\":true}"),
        records.stream().map(r -> new String(r.value(), StandardCharsets.UTF_8)).toList());
    records.forEach(record -> assertEquals("windowing-session", record.output()));
  }

  @Test
  void aUsualSessionDoesNotOverflow() {
    UserSession session = aggregator.create();
    for (int i = 0; i < 100; i++) {
      Step step = new Step("product-" + i, "action-" + i % 16, BigDecimal.ONE, 1);
      aggregator.add(step.event(7), session, overflow);
    }
    assertTrue(overflow.isEmpty());
  }

  @Test
  void revenueBeyondALongIsExact() {
    // 20,000 purchases of the largest amount are 2 * 10^19 millionths, more than 2^63.
    UserSession session = aggregator.create();
    Event largest = new Step("p", "purchase", new BigDecimal("1000"), 1_000_000).event(7);
    for (int i = 0; i < 20_000; i++) {
      aggregator.add(largest, session, overflow);
    }
    assertEquals("20000000000000.00", session.revenue.toString());
  }
}
