package io.flinkblocks.measures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.TestingStoredForm;
import io.flinkblocks.window.TestingEvents;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * The stored form of measures. A fixture of each version stays in testdata: what savepoints hold of
 * the serializer, then {@link #sample}.
 */
class MeasuresSerializerTest {
  private static final TestingStoredForm<Measures> FORM =
      new TestingStoredForm<>(
          MeasuresSerializer.INSTANCE, "java/io/flinkblocks/measures/testdata/measures_v1.hex");

  @Test
  void versionOneIsStillRead() throws IOException {
    assertSame(sample(), FORM.restored());
  }

  @Test
  void theFormHasNotChangedWithoutANewVersion() throws IOException {
    assertEquals(FORM.fixture(), FORM.present(sample()));
  }

  @Test
  void copiesAreEqualAndIndependent() throws IOException {
    Measures original = sample();
    Measures copy = MeasuresSerializer.INSTANCE.copy(original);
    assertSame(original, copy);
    original.add(TestingEvents.purchase("c", "another", new BigDecimal("9999"), 3, 1));
    assertSame(sample(), copy);
    assertArrayEquals(FORM.written(copy), FORM.copied(copy));
  }

  @Test
  void emptyMeasuresAreWrittenAndRead() throws IOException {
    Measures read = FORM.readBack(new Measures());
    assertSame(new Measures(), read);
    assertTrue(read.users.add("u".getBytes(StandardCharsets.UTF_8)));
  }

  /** Small ids and one of 200 bytes; sums beyond 64 bits. */
  private static Measures sample() {
    Measures sample = new Measures();
    for (int i = 0; i < 10; i++) {
      String action = i % 3 == 0 ? "purchase" : "view";
      BigDecimal price = new BigDecimal("12.345678").add(BigDecimal.valueOf(i));
      sample.add(TestingEvents.event("c", "e", "user-" + i % 4, action, price, 1 + i, 1));
    }
    sample.add(TestingEvents.purchase("c", "\u00fc".repeat(100), new BigDecimal("0.01"), 1, 1));
    for (int i = 0; i < 3; i++) {
      sample.prices.add(Long.MAX_VALUE);
      sample.revenue.add(Long.MAX_VALUE - 1);
    }
    return sample;
  }

  private static void assertSame(Measures expected, Measures actual) throws IOException {
    assertEquals(expected.events, actual.events);
    assertEquals(expected.purchases, actual.purchases);
    assertEquals(expected.minMicros, actual.minMicros);
    assertEquals(expected.maxMicros, actual.maxMicros);
    assertEquals(expected.prices, actual.prices);
    assertEquals(expected.revenue, actual.revenue);
    assertEquals(expected.users.size(), actual.users.size());
    assertArrayEquals(FORM.written(expected), FORM.written(actual));
  }
}
