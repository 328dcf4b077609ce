package io.flinkblocks.fraud;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.TestingStoredForm;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The stored form of a user's state. A fixture of each version stays in testdata: what savepoints
 * hold of the serializer, then the state of {@link #sample}.
 */
class FraudSerializerTest {
  private static final TestingStoredForm<FraudState> FORM =
      new TestingStoredForm<>(
          FraudSerializer.INSTANCE, "java/io/flinkblocks/fraud/testdata/user_v1.hex");
  private static final long T = 1_700_000_000_000L;

  @Test
  void versionOneIsStillRead() throws IOException {
    assertSame(sample().state(), FORM.restored());
  }

  @Test
  void theFormHasNotChangedWithoutANewVersion() throws IOException {
    assertEquals(FORM.fixture(), FORM.present(sample().state()));
  }

  @Test
  void copiesAreEqualAndIndependent() throws IOException {
    TestingUser user = sample();
    FraudState copy = FraudSerializer.INSTANCE.copy(user.state());
    assertSame(user.state(), copy);
    user.buy(TestingPurchases.purchase("u", "e9", "12345", "10.0.0.99", T + 60_000));
    user.buy(TestingPurchases.purchase("u", "e99", "1", "10.0.0.1", T + 60_000));
    assertSame(sample().state(), copy);
    assertArrayEquals(FORM.written(copy), FORM.copied(copy));
  }

  @Test
  void whatIsReadGoesOnLikeTheOriginal() throws IOException {
    TestingUser original = sample();
    TestingUser read = new TestingUser(FORM.readBack(original.state()));
    int alerts = 0;
    for (int i = 0; i < 200; i++) {
      String amount = i % 7 == 0 ? "1" : "700.05";
      Event next =
          TestingPurchases.purchase("u", "e" + i, amount, "10.0.0." + i % 9, T + 2_000L * i + 3);
      List<String> expected = original.buy(next);
      assertEquals(expected, read.buy(next));
      alerts += expected.size();
    }
    assertTrue(alerts > 10, alerts + " alerts");
    assertSame(original.state(), read.state());
  }

  @Test
  void anEmptyStateIsWrittenAndRead() throws IOException {
    FraudState empty = new FraudState();
    assertSame(empty, FORM.readBack(empty));
  }

  /** Ties, addresses of all kinds, a total beyond 64 bits, alerts of three rules. */
  private static TestingUser sample() {
    TestingUser user = new TestingUser(TestingPurchases.settings());
    for (int i = 0; i < 6; i++) {
      user.buy(TestingPurchases.purchase("u", "e" + i, "1.25", "10.0.0." + i % 4, T + i / 3));
    }
    user.buy(TestingPurchases.purchase("u", "large", "100.000001", "x".repeat(65), T + 2));
    user.buy(TestingPurchases.purchase("u", "\u00fc", "0.5", "", T + 3));
    for (int i = 0; i < 3; i++) {
      user.state().total.add(Long.MAX_VALUE);
    }
    return user;
  }

  private static void assertSame(FraudState expected, FraudState actual) throws IOException {
    assertEquals(expected.purchases, actual.purchases);
    assertEquals(expected.total, actual.total);
    assertEquals(expected.times.count(), actual.times.count());
    assertEquals(expected.addresses.count(), actual.addresses.count());
    assertArrayEquals(FORM.written(expected), FORM.written(actual));
  }
}
