package io.flinkblocks.pattern;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.event.TestingStoredForm;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * The stored form of a category's minutes. A fixture of each version stays in testdata: what
 * savepoints hold of the serializer, then the state of {@link #sample}.
 */
class SpikeSerializerTest {
  private static final TestingStoredForm<SpikeState> FORM =
      new TestingStoredForm<>(
          SpikeSerializer.INSTANCE, "java/io/flinkblocks/pattern/testdata/category_v1.hex");
  private static final long FIRST = 28_333_340;

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
    SpikeState original = sample();
    SpikeState copy = SpikeSerializer.INSTANCE.copy(original);
    assertSame(original, copy);
    original.add(FIRST + 8);
    original.open = false;
    assertSame(sample(), copy);
    assertArrayEquals(FORM.written(copy), FORM.copied(copy));
  }

  @Test
  void aMinuteThatIsOverAndAnEmptyStateAreWrittenAndRead() throws IOException {
    SpikeState over = sample();
    over.open = false;
    assertSame(over, FORM.readBack(over));
    assertSame(new SpikeState(), FORM.readBack(new SpikeState()));
  }

  @Test
  void whatWasForgottenIsNewAgain() throws IOException {
    SpikeState forgotten = sample();
    forgotten.clear();
    SpikeState fresh = new SpikeState();
    forgotten.add(FIRST + 20);
    fresh.add(FIRST + 20);
    assertSame(fresh, forgotten);
  }

  /** Six minutes and more, with an empty one; the last is open. */
  private static SpikeState sample() {
    SpikeState category = new SpikeState();
    int[] counts = {9, 1, 2, 0, 300, 4, 5, 6};
    for (int minute = 0; minute < counts.length; minute++) {
      for (int i = 0; i < counts[minute]; i++) {
        category.add(FIRST + minute);
      }
    }
    return category;
  }

  private static void assertSame(SpikeState expected, SpikeState actual) throws IOException {
    assertEquals(expected.minute, actual.minute);
    assertEquals(expected.count, actual.count);
    assertEquals(expected.open, actual.open);
    assertEquals(expected.isOldEnough(), actual.isOldEnough());
    assertEquals(expected.sumBefore(), actual.sumBefore());
    assertArrayEquals(FORM.written(expected), FORM.written(actual));
  }
}
