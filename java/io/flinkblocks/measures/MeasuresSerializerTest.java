package io.flinkblocks.measures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.window.TestingEvents;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/**
 * The stored form of measures. A fixture of each version stays in testdata: what savepoints hold of
 * the serializer, then {@link #sample}.
 */
class MeasuresSerializerTest {
  private static final Path VERSION_1 =
      Path.of("java/io/flinkblocks/measures/testdata/measures_v1.hex");

  @Test
  void versionOneIsStillRead() throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(fixture(VERSION_1));
    TypeSerializerSnapshot<Measures> snapshot =
        TypeSerializerSnapshot.readVersionedSnapshot(in, getClass().getClassLoader());
    Measures read = snapshot.restoreSerializer().deserialize(in);

    assertEquals(0, in.available());
    assertSame(sample(), read);
    assertFalse(
        MeasuresSerializer.INSTANCE
            .snapshotConfiguration()
            .resolveSchemaCompatibility(snapshot)
            .isIncompatible());
  }

  @Test
  void theFormHasNotChangedWithoutANewVersion() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    TypeSerializerSnapshot.writeVersionedSnapshot(
        out, MeasuresSerializer.INSTANCE.snapshotConfiguration());
    MeasuresSerializer.INSTANCE.serialize(sample(), out);

    assertEquals(
        HexFormat.of().formatHex(fixture(VERSION_1)),
        HexFormat.of().formatHex(out.getCopyOfBuffer()));
  }

  @Test
  void copiesAreEqualAndIndependent() throws IOException {
    Measures original = sample();
    Measures copy = MeasuresSerializer.INSTANCE.copy(original);
    assertSame(original, copy);
    original.add(TestingEvents.purchase("c", "another", new BigDecimal("9999"), 3, 1));
    assertSame(sample(), copy);

    DataOutputSerializer out = new DataOutputSerializer(64);
    MeasuresSerializer.INSTANCE.copy(new DataInputDeserializer(written(copy)), out);
    assertArrayEquals(written(copy), out.getCopyOfBuffer());
  }

  @Test
  void emptyMeasuresAreWrittenAndRead() throws IOException {
    Measures read =
        MeasuresSerializer.INSTANCE.deserialize(new DataInputDeserializer(written(new Measures())));
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
    assertArrayEquals(written(expected), written(actual));
  }

  private static byte[] written(Measures measures) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    MeasuresSerializer.INSTANCE.serialize(measures, out);
    return out.getCopyOfBuffer();
  }

  private static byte[] fixture(Path path) throws IOException {
    return HexFormat.of().parseHex(Files.readString(path).replaceAll("\\s", ""));
  }
}
