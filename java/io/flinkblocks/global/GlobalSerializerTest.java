package io.flinkblocks.global;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.event.TestingStoredForm;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * The stored form of a product's window. A fixture of each version stays in testdata: what
 * savepoints hold of the serializer, then the state of {@link #sample}.
 */
class GlobalSerializerTest {
  private static final TestingStoredForm<GlobalState> FORM =
      new TestingStoredForm<>(
          GlobalSerializer.INSTANCE, "java/io/flinkblocks/global/testdata/window_v1.hex");
  private static final long T = 1_700_000_000_000L;

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
    GlobalState original = sample();
    GlobalState copy = GlobalSerializer.INSTANCE.copy(original);
    assertSame(original, copy);
    original.kept.dropUpTo(T + 50);
    for (int i = 0; i < 8; i++) {
      original.add(T + 70, 1); // Where dropped ones were, too.
    }
    original.waiting = 0;
    assertSame(sample(), copy);
    assertArrayEquals(FORM.written(copy), FORM.copied(copy));
  }

  @Test
  void aFullCircleIsWrittenAndRead() throws IOException {
    GlobalState full = new GlobalState();
    for (int i = 0; i < 1_300; i++) {
      full.add(T + i / 2, i);
      assertSame(full, FORM.readBack(full));
    }
    assertEquals(500, full.kept.size());
    assertEquals(T + 400, full.kept.oldest());
    assertEquals(T, full.waitingSince);
    full.waiting = 0;
    assertSame(full, FORM.readBack(full));
  }

  @Test
  void anEmptyStateIsWrittenAndRead() throws IOException {
    GlobalState empty = new GlobalState();
    assertSame(empty, FORM.readBack(empty));
    empty = sample();
    empty.kept.clear();
    empty.waiting = 0;
    assertSame(empty, FORM.readBack(empty));
  }

  @Test
  void aQuietProductTakesLittleRoom() throws IOException {
    GlobalState quiet = new GlobalState();
    assertEquals(80, quiet.footprint());
    quiet.add(T, 12_500_000);
    assertEquals(80 + 4 * 16, quiet.footprint());
    assertEquals(16, FORM.written(quiet).length);
    for (int i = 0; i < 600; i++) {
      quiet.add(T, 12_500_000);
    }
    assertEquals(80 + 512 * 16, quiet.footprint());
  }

  /** Ties, a circle that starts in the middle of its array, events that wait. */
  private static GlobalState sample() {
    GlobalState product = new GlobalState();
    for (int i = 0; i < 9; i++) {
      product.add(T + 10 * (i / 2), 1_000_000_000_000_000L >> 5 * i);
      product.waiting = i == 4 ? 0 : product.waiting;
    }
    product.kept.dropUpTo(T + 9);
    for (int i = 0; i < 8; i++) {
      product.add(T + 60, 12_500_000 * i);
    }
    return product;
  }

  private static void assertSame(GlobalState expected, GlobalState actual) throws IOException {
    assertEquals(expected.kept.size(), actual.kept.size());
    assertEquals(expected.waiting, actual.waiting);
    if (expected.kept.size() > 0) {
      assertEquals(expected.kept.newest(), actual.kept.newest());
      assertEquals(expected.kept.prices(), actual.kept.prices());
    }
    assertArrayEquals(FORM.written(expected), FORM.written(actual));
  }
}
