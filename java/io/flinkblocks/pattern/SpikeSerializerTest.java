package io.flinkblocks.pattern;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/**
 * The stored form of a category's minutes. A fixture of each version stays in testdata: what
 * savepoints hold of the serializer, then the state of {@link #sample}.
 */
class SpikeSerializerTest {
  private static final Path VERSION_1 =
      Path.of("java/io/flinkblocks/pattern/testdata/category_v1.hex");
  private static final long FIRST = 28_333_340;

  @Test
  void versionOneIsStillRead() throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(fixture(VERSION_1));
    TypeSerializerSnapshot<SpikeState> snapshot =
        TypeSerializerSnapshot.readVersionedSnapshot(in, getClass().getClassLoader());
    SpikeState read = snapshot.restoreSerializer().deserialize(in);

    assertEquals(0, in.available());
    assertSame(sample(), read);
    assertFalse(
        SpikeSerializer.INSTANCE
            .snapshotConfiguration()
            .resolveSchemaCompatibility(snapshot)
            .isIncompatible());
  }

  @Test
  void theFormHasNotChangedWithoutANewVersion() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    TypeSerializerSnapshot.writeVersionedSnapshot(
        out, SpikeSerializer.INSTANCE.snapshotConfiguration());
    SpikeSerializer.INSTANCE.serialize(sample(), out);

    assertEquals(
        HexFormat.of().formatHex(fixture(VERSION_1)),
        HexFormat.of().formatHex(out.getCopyOfBuffer()));
  }

  @Test
  void copiesAreEqualAndIndependent() throws IOException {
    SpikeState original = sample();
    SpikeState copy = SpikeSerializer.INSTANCE.copy(original);
    assertSame(original, copy);
    original.add(FIRST + 8);
    original.open = false;
    assertSame(sample(), copy);

    DataOutputSerializer out = new DataOutputSerializer(64);
    SpikeSerializer.INSTANCE.copy(new DataInputDeserializer(written(copy)), out);
    assertArrayEquals(written(copy), out.getCopyOfBuffer());
  }

  @Test
  void aMinuteThatIsOverAndAnEmptyStateAreWrittenAndRead() throws IOException {
    SpikeState over = sample();
    over.open = false;
    assertSame(over, read(over));
    assertSame(new SpikeState(), read(new SpikeState()));
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
    assertArrayEquals(written(expected), written(actual));
  }

  private static SpikeState read(SpikeState category) throws IOException {
    return SpikeSerializer.INSTANCE.deserialize(new DataInputDeserializer(written(category)));
  }

  private static byte[] written(SpikeState category) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    SpikeSerializer.INSTANCE.serialize(category, out);
    return out.getCopyOfBuffer();
  }

  private static byte[] fixture(Path path) throws IOException {
    return HexFormat.of().parseHex(Files.readString(path).replaceAll("\\s", ""));
  }
}
