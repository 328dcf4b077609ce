package io.flinkblocks.revenue;

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
 * The stored form of a revenue accumulator. A fixture of each version stays in testdata: what
 * savepoints hold of the serializer, then {@link #sample}.
 */
class RevenueSerializerTest {
  private static final TestingStoredForm<RevenueAccumulator> FORM =
      new TestingStoredForm<>(
          RevenueSerializer.INSTANCE, "java/io/flinkblocks/revenue/testdata/accumulator_v1.hex");

  private final RevenueAggregator aggregator = new RevenueAggregator();

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
    RevenueAccumulator original = sample();
    RevenueAccumulator copy = RevenueSerializer.INSTANCE.copy(original);
    assertSame(original, copy);
    aggregator.add(TestingEvents.purchase("c", "another", new BigDecimal("9999"), 3, 1), original);
    assertSame(sample(), copy);
    assertArrayEquals(FORM.written(copy), FORM.copied(copy));
  }

  @Test
  void anEmptyAccumulatorIsWrittenAndRead() throws IOException {
    RevenueAccumulator read = FORM.readBack(aggregator.create());
    assertSame(aggregator.create(), read);
    assertTrue(read.users.add("u".getBytes(StandardCharsets.UTF_8)));
  }

  /** Small ids and one of 200 bytes; a total beyond 64 bits. */
  private RevenueAccumulator sample() {
    RevenueAccumulator sample = aggregator.create();
    for (int i = 0; i < 10; i++) {
      aggregator.add(
          TestingEvents.purchase("c", "user-" + i % 4, new BigDecimal("12.345678"), 1 + i, 1),
          sample);
    }
    aggregator.add(
        TestingEvents.purchase("c", "\u00fc".repeat(100), new BigDecimal("0.01"), 1, 1), sample);
    sample.total.add(Long.MAX_VALUE);
    sample.total.add(Long.MAX_VALUE);
    sample.total.add(Long.MAX_VALUE);
    return sample;
  }

  private static void assertSame(RevenueAccumulator expected, RevenueAccumulator actual)
      throws IOException {
    assertEquals(expected.orders, actual.orders);
    assertEquals(expected.total, actual.total);
    assertEquals(expected.maxMicros, actual.maxMicros);
    assertEquals(expected.users.size(), actual.users.size());
    assertArrayEquals(FORM.written(expected), FORM.written(actual));
  }
}
