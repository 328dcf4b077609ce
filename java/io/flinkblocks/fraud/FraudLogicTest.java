package io.flinkblocks.fraud;

import static io.flinkblocks.fraud.TestingPurchases.micros;
import static io.flinkblocks.fraud.TestingPurchases.purchase;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.output.Amount;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class FraudLogicTest {
  private static final Settings SETTINGS = TestingPurchases.settings();
  private static final long T = 1_700_000_000_000L;

  private final TestingUser user = new TestingUser(SETTINGS);

  private List<String> buy(String amount, long after) {
    return TestingUser.brief(user.buy(purchase("e" + after, amount, T + after)));
  }

  private List<String> buyFrom(String ip, long after) {
    return TestingUser.brief(user.buy(purchase("u", "e" + after, "20", ip, T + after)));
  }

  @Test
  void alertTellsAllOfItsPurchase() {
    user.buy(purchase("\u00fc\"ser", "e1", "0.50", null, T));
    // The id is the start of what sha256sum says of: small_then_large|, user_id, |e2.
    assertEquals(
        List.of(
            "{\"alert_id\":\"9d884bf670330f47\",\"rule\":\"small_then_large\","
                + "\"severity\":\"high\","
                + "\"user_id\":\"\u00fc\\\"ser\",\"event_id\":\"e2\",\"timestamp\":1700000000007,"
                + "\"amount\":500.00,"
                + "\"evidence\":{\"previous_event_id\":\"e1\",\"previous_amount\":0.50}}"),
        user.buy(purchase("\u00fc\"ser", "e2", "500", null, T + 7)));
  }

  @Test
  void velocityIsFivePurchasesInAWindowThatIsOpenAtItsStart() {
    assertEquals(List.of(), buy("20", 0));
    assertEquals(List.of(), buy("20", 1));
    assertEquals(List.of(), buy("20", 1));
    assertEquals(List.of(), buy("20", 30_000));
    assertEquals(List.of(), buy("20", 60_000)); // The first is just out.
    assertEquals(List.of("velocity {\"purchases\":5,\"window_ms\":60000}"), buy("20", 60_000));
  }

  @Test
  void velocityHasAPauseOfItsWindow() {
    for (int i = 0; i < 4; i++) {
      buy("20", 0);
    }
    assertEquals(1, buy("20", 0).size());
    for (int i = 1; i < 600; i++) {
      assertEquals(List.of(), buy("20", 100L * i));
    }
    assertEquals(List.of(), buy("20", 59_999));
    assertEquals(List.of("velocity {\"purchases\":601,\"window_ms\":60000}"), buy("20", 60_000));
    assertEquals(List.of(), buy("20", 60_000));
  }

  @Test
  void highAmountIsMoreThanTenTimesTheMeanOfAllEarlierOnes() {
    buy("10", 0);
    buy("20", 1_000_000_000);
    assertEquals(List.of(), buy("1000", 2_000_000_000)); // Only two before it.
    assertEquals(List.of(), buy("3433.333333", 3_000_000_000L));
    // The mean of 10, 20, 1000 and 3433.333333 is 1115.83333325.
    assertEquals(List.of(), buy("11158.33333", 4_000_000_000L));
  }

  @Test
  void highAmountIsExactToTheMillionth() {
    for (int i = 0; i < 3; i++) {
      buy(i == 0 ? "10.000001" : "10", i);
    }
    TestingUser other = new TestingUser(SETTINGS);
    for (int i = 0; i < 3; i++) {
      other.buy(purchase("e" + i, i == 0 ? "10.000001" : "10", T + i));
    }
    // Ten times the mean is 100.000003333...
    assertEquals(List.of(), buy("100.000003", 10));
    assertEquals(
        List.of("high_amount {\"mean_amount\":10.00,\"previous_purchases\":3}"),
        TestingUser.brief(other.buy(purchase("e", "100.000004", T + 10))));
  }

  @Test
  void highAmountOfExactlyTenTimesTheMeanIsNone() {
    for (int i = 0; i < 3; i++) {
      buy("1.005", 100_000L * i);
    }
    assertEquals(List.of(), buy("10.05", 300_000));
    assertEquals(
        List.of("high_amount {\"mean_amount\":3.27,\"previous_purchases\":4}"),
        buy("999999", 400_000)); // The mean is 3.26625.
    assertEquals(List.of(), buy("3000000", 459_999)); // A pause like the other rules.
    assertEquals(1, buy("999999999", 460_000).size());
  }

  @Test
  void afterFreePurchasesAnyAmountIsHigh() {
    for (int i = 0; i < 3; i++) {
      buy("0", 100_000L * i);
    }
    assertEquals(List.of(), buy("0", 300_000));
    assertEquals(
        List.of("high_amount {\"mean_amount\":0.00,\"previous_purchases\":4}"),
        buy("0.000001", 400_000));
  }

  @Test
  void smallThenLargeLooksAtThePurchaseJustBefore() {
    buy("1.00", 0);
    assertEquals(List.of(), buy("499.999999", 1));
    buy("1.000001", 2);
    assertEquals(List.of(), buy("500", 3)); // It was not small.

    TestingUser tooLate = new TestingUser(SETTINGS);
    tooLate.buy(purchase("a", "1", T));
    assertEquals(List.of(), tooLate.buy(purchase("b", "500", T + 60_001)));

    TestingUser inTime = new TestingUser(SETTINGS);
    inTime.buy(purchase("a", "1", T));
    assertEquals(
        List.of("small_then_large {\"previous_event_id\":\"a\",\"previous_amount\":1.00}"),
        TestingUser.brief(inTime.buy(purchase("b", "500", T + 60_000))));
  }

  @Test
  void manyIpsAreDifferentTextsInAWindowThatIsOpenAtItsStart() {
    buyFrom("10.0.0.1", 0);
    buyFrom("10.0.0.2", 1);
    buyFrom(null, 2);
    assertEquals(List.of(), buyFrom("10.0.0.2", 200_000));
    assertEquals(List.of(), buyFrom("10.0.0.3", 300_000)); // The first is just out.
    assertEquals(List.of("many_ips {\"ip_count\":3,\"window_ms\":300000}"), buyFrom("", 400_000));
    assertEquals(List.of(), buyFrom("10.0.0.4", 699_999));
    assertEquals(List.of(), buyFrom(null, 699_999));
    assertEquals(List.of(), buyFrom("10.0.0.4", 700_000)); // Its window holds one alone.
  }

  @Test
  void longAddressesAreToldApartToTheirLastLetter() throws Exception {
    String start = "1".repeat(100_000);
    buyFrom(start + "a", 0);
    buyFrom(start + "b", 1);
    buyFrom(start + "a", 2);
    assertEquals(1, buyFrom(start + "c", 3).size());
    assertEquals(3, user.state().addresses.count());
    DataOutputSerializer out = new DataOutputSerializer(64);
    FraudSerializer.INSTANCE.serialize(user.state(), out);
    assertTrue(out.length() < 300, "the state has " + out.length() + " bytes");
  }

  @Test
  void rulesFireIndependentlyInTheirOrder() {
    for (int i = 0; i < 3; i++) {
      buyFrom("10.0.0." + i, i);
    }
    user.buy(purchase("u", "small", "1", "10.0.0.9", T + 300_003));
    user.buy(purchase("u", "small too", "0.10", "10.0.0.8", T + 300_003));
    user.buy(purchase("u", "small tooo", "0.20", "10.0.0.8", T + 300_003));
    user.buy(purchase("u", "small toooo", "0.20", "10.0.0.8", T + 300_003));
    assertEquals(
        List.of(
            "velocity {\"purchases\":5,\"window_ms\":60000}",
            "high_amount {\"mean_amount\":8.79,\"previous_purchases\":7}",
            "small_then_large {\"previous_event_id\":\"small toooo\",\"previous_amount\":0.20}",
            "many_ips {\"ip_count\":3,\"window_ms\":300000}"),
        TestingUser.brief(user.buy(purchase("u", "x", "5000", "10.0.0.7", T + 300_003))));
  }

  @Test
  void aSilentUserIsNewAgain() {
    for (long last : new long[] {TestingPurchases.YEARS - 1, TestingPurchases.YEARS}) {
      TestingUser silent = new TestingUser(SETTINGS);
      for (int i = 0; i < 3; i++) {
        silent.buy(purchase("e" + i, "10", T));
      }
      boolean known = last < TestingPurchases.YEARS;
      assertEquals(known ? 1 : 0, silent.buy(purchase("e", "101", T + last)).size());
      assertEquals(known ? 4 : 1, silent.state().purchases);
    }
  }

  @Test
  void thresholdsAreFlags() {
    Event first = purchase("a", "0.1234567", T);
    for (String limit : List.of("0.1234565", "0.1234575")) {
      TestingUser exact = new TestingUser(TestingPurchases.settings("small-amount", limit));
      exact.buy(first); // Is 0.123457, rounded half-even.
      boolean small = limit.equals("0.1234575");
      assertEquals(small ? 1 : 0, exact.buy(purchase("b", "500", T)).size());
    }
    TestingUser quick = new TestingUser(TestingPurchases.settings("velocity-purchases", "1"));
    assertEquals(1, quick.buy(first).size());
    TestingUser forGood =
        new TestingUser(TestingPurchases.settings("fraud-history", "" + Long.MAX_VALUE));
    forGood.buy(first);
    forGood.buy(purchase("b", "1", 253_402_300_799_999L));
    assertEquals(2, forGood.state().purchases);
  }

  @Test
  void aHostileUserFillsTheStateUpToTheWindow() throws Exception {
    for (int i = 0; i < 200_000; i++) {
      user.buy(purchase("u", "e", "1", "10.0.0." + i % 100, T + i / 100));
    }
    DataOutputSerializer out = new DataOutputSerializer(64);
    FraudSerializer.INSTANCE.serialize(user.state(), out);
    assertTrue(out.length() < 20_000, "the state has " + out.length() + " bytes");
    assertEquals(List.of("velocity {\"purchases\":197901,\"window_ms\":60000}"), buy("1", 60_020));
  }

  @Provide
  Arbitrary<List<Event>> histories() {
    Arbitrary<Long> steps =
        Arbitraries.of(0L, 0L, 1L, 999L, 10_000L, 59_999L, 60_000L, 60_001L, 299_999L, 300_000L);
    Arbitrary<String> amounts =
        Arbitraries.oneOf(
            Arbitraries.of("0", "0.5", "1", "1.000001", "499.999999", "500", "5000", "20"),
            Arbitraries.longs().between(0, 1_000_000_000).map(m -> micros(m)));
    Arbitrary<String> ips = Arbitraries.of("1", "2", "3", "4", "", "none");
    return Combinators.combine(steps, amounts, ips, Arbitraries.of("a", "b", "\u00fc", "B"))
        .as(Step::new)
        .list()
        .ofMaxSize(60)
        .map(FraudLogicTest::history);
  }

  record Step(long after, String amount, String ip, String id) {}

  private static List<Event> history(List<Step> steps) {
    List<Event> events = new ArrayList<>();
    long time = T;
    for (Step step : steps) {
      time += step.after();
      String ip = step.ip().equals("none") ? null : step.ip();
      events.add(purchase("u", step.id(), step.amount(), ip, time));
    }
    return events;
  }

  @Property(tries = 500)
  void alertsAreThoseOfTheNaiveRules(@ForAll("histories") List<Event> purchases) {
    assertEquals(
        TestingNaiveRules.alerts(purchases, TestingPurchases.YEARS),
        TestingUser.alerts(SETTINGS, purchases));
    Settings shortMemory = TestingPurchases.settings("fraud-history", "60000");
    assertEquals(
        TestingNaiveRules.alerts(purchases, 60_000), TestingUser.alerts(shortMemory, purchases));
  }

  @Test
  void comparisonIsExactInAllItsBits() {
    Random random = new Random(3);
    int greater = 0;
    for (int i = 0; i < 100_000; i++) {
      long amount = random.nextLong(1_000_000_000_000_001L);
      long count = 1 + random.nextLong(1L << random.nextInt(40));
      long factor = 1 + random.nextInt(1_000_000);
      // Around the point where both sides are equal.
      BigInteger product = BigInteger.valueOf(amount).multiply(BigInteger.valueOf(count));
      BigInteger sum =
          product
              .divide(BigInteger.valueOf(factor))
              .add(BigInteger.valueOf(random.nextInt(3) - 1))
              .max(BigInteger.ZERO);
      Amount total = Amount.ofWords(sum.shiftRight(64).longValue(), sum.longValue());
      boolean expected = product.compareTo(sum.multiply(BigInteger.valueOf(factor))) > 0;
      assertEquals(expected, FraudLogic.isGreater(amount, count, factor, total));
      greater += expected ? 1 : 0;
    }
    assertTrue(greater > 20_000 && greater < 80_000, "greater: " + greater);
    assertFalse(FraudLogic.isGreater(10, 3, 10, Amount.ofMicros(3)));
  }
}
