package io.flinkblocks.highvalue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.TestingEvents;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HighValueRuleTest {
  @Test
  void theThresholdItselfIsHigh() {
    HighValueRule rule = HighValueRule.of(new BigDecimal("1000.00"));
    assertTrue(rule.matches(purchase("1000", 1)));
    assertTrue(rule.matches(purchase("500.00", 2)));
    assertTrue(rule.matches(purchase("1000.000001", 1)));
    assertFalse(rule.matches(purchase("999.999999", 1)));
    assertFalse(rule.matches(purchase("333.333333", 3)));
  }

  @Test
  void onlyPurchasesAreTransactions() {
    HighValueRule rule = HighValueRule.of(BigDecimal.ONE);
    for (String action :
        new String[] {"view", "add_to_cart", "remove_from_cart", "wishlist", "x"}) {
      assertFalse(
          rule.matches(TestingEvents.event("c", "e", "u", action, BigDecimal.TEN, 9, 1)), action);
    }
    assertTrue(rule.matches(purchase("10", 9)));
  }

  @Provide
  Arbitrary<BigDecimal> thresholds() {
    return Arbitraries.oneOf(
        Arbitraries.longs().between(0, 2_000_000_000).map(n -> BigDecimal.valueOf(n, 6)),
        Arbitraries.longs().between(0, 2_000_000_000_000L).map(n -> BigDecimal.valueOf(n, 9)),
        Arbitraries.of("0", "1e9", "1e30", "0.0000001", "1E+3").map(BigDecimal::new));
  }

  @Property
  void anyThresholdIsComparedExactly(
      @ForAll("thresholds") BigDecimal threshold,
      @ForAll @IntRange(max = 1_000_000_000) int priceMicros,
      @ForAll @IntRange(min = 1, max = 3) int quantity) {
    BigDecimal price = BigDecimal.valueOf(priceMicros, 6);
    BigDecimal amount = price.multiply(BigDecimal.valueOf(quantity));
    HighValueRule rule = HighValueRule.of(threshold);
    assertEquals(
        amount.compareTo(threshold) >= 0, rule.matches(purchase(price.toPlainString(), quantity)));
  }

  @Test
  void theRecordHasTheContractsFieldsInTheirOrder() {
    Event event =
        TestingEvents.event(
            "b\u00fccher", "e\"1", "u\\1", "purchase", new BigDecimal("750.125"), 2, 1_234);
    OutputRecord record = new HighValueRule(0).record(event, new JsonWriter());
    assertEquals("high-value-transactions", record.output());
    assertEquals("u\\1", new String(record.key(), StandardCharsets.UTF_8));
    assertEquals(
        "{\"event_id\":\"e\\\"1\",\"user_id\":\"u\\\\1\",\"product_id\":\"p\","
            + "\"category\":\"b\u00fccher\",\"amount\":1500.25,\"timestamp\":1234}",
        new String(record.value(), StandardCharsets.UTF_8));
  }

  private static Event purchase(String price, int quantity) {
    return TestingEvents.purchase("c", "u", new BigDecimal(price), quantity, 1);
  }
}
