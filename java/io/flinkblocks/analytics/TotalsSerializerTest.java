package io.flinkblocks.analytics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.TestingStoredForm;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * The stored form of an owner's totals. A fixture of each version stays in testdata: what
 * savepoints hold of the serializer, then {@link #sample}.
 */
class TotalsSerializerTest {
  private static final TestingStoredForm<Totals> FORM =
      new TestingStoredForm<>(
          TotalsSerializer.INSTANCE, "java/io/flinkblocks/analytics/testdata/totals_v1.hex");

  @Test
  void versionOneIsStillRead() throws IOException {
    assertEquals(sample().upsert(1), FORM.restored().upsert(1));
  }

  @Test
  void theFormHasNotChangedWithoutANewVersion() throws IOException {
    assertEquals(FORM.fixture(), FORM.present(sample()));
  }

  @Test
  void copiesAreEqualAndIndependent() throws IOException {
    Totals original = sample();
    Totals copy = TotalsSerializer.INSTANCE.copy(original);
    assertArrayEquals(FORM.written(original), FORM.written(copy));
    original.orders(Delta.orders(1, 1, 5, Delta.NEVER, Delta.NEVER));
    original.noRow();
    assertArrayEquals(FORM.written(sample()), FORM.written(copy));
    assertArrayEquals(FORM.written(copy), FORM.copied(copy));
  }

  @Test
  void totalsOfNobodyAreWrittenAndRead() throws IOException {
    Totals read = FORM.readBack(new Totals());
    assertTrue(read.isNothing());
    assertEquals(Upsert.delete(3), read.upsert(3));
  }

  /** A total beyond 64 bits, and a label that is not plain. */
  private static Totals sample() {
    Totals sample = new Totals();
    sample.row(Delta.row(1, "x'; DROP TABLE users;--\u00fc", -5));
    for (int i = 0; i < 3; i++) {
      sample.orders(Delta.orders(1, 200, Long.MAX_VALUE, Delta.NEVER, Delta.NEVER));
    }
    sample.latest = 1_700_000_000_123_456L;
    return sample;
  }
}
