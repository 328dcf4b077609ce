package io.flinkblocks.revenue;

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
 * The stored form of a revenue accumulator. A fixture of each version stays in testdata: what
 * savepoints hold of the serializer, then {@link #sample}.
 */
class RevenueSerializerTest {
  private static final Path VERSION_1 =
      Path.of("java/io/flinkblocks/revenue/testdata/accumulator_v1.hex");

  private final RevenueAggregator aggregator = new RevenueAggregator();

  @Test
  void versionOneIsStillRead() throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(fixture(VERSION_1));
    TypeSerializerSnapshot<RevenueAccumulator> snapshot =
        TypeSerializerSnapshot.readVersionedSnapshot(in, getClass().getClassLoader());
    RevenueAccumulator read = snapshot.restoreSerializer().deserialize(in);

    assertEquals(0, in.available());
    assertSame(sample(), read);
    assertFalse(
        RevenueSerializer.INSTANCE
            .snapshotConfiguration()
            .resolveSchemaCompatibility(snapshot)
            .isIncompatible());
  }

  @Test
  void theFormHasNotChangedWithoutANewVersion() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    TypeSerializerSnapshot.writeVersionedSnapshot(
        out, RevenueSerializer.INSTANCE.snapshotConfiguration());
    RevenueSerializer.INSTANCE.serialize(sample(), out);

    assertEquals(
        HexFormat.of().formatHex(fixture(VERSION_1)),
        HexFormat.of().formatHex(out.getCopyOfBuffer()));
  }

  @Test
  void copiesAreEqualAndIndependent() throws IOException {
    RevenueAccumulator original = sample();
    RevenueAccumulator copy = RevenueSerializer.INSTANCE.copy(original);
    assertSame(original, copy);
    aggregator.add(TestingEvents.purchase("c", "another", new BigDecimal("9999"), 3, 1), original);
    assertSame(sample(), copy);

    DataOutputSerializer out = new DataOutputSerializer(64);
    RevenueSerializer.INSTANCE.copy(new DataInputDeserializer(written(copy)), out);
    assertArrayEquals(written(copy), out.getCopyOfBuffer());
  }

  @Test
  void anEmptyAccumulatorIsWrittenAndRead() throws IOException {
    RevenueAccumulator read =
        RevenueSerializer.INSTANCE.deserialize(
            new DataInputDeserializer(written(aggregator.create())));
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
    assertArrayEquals(written(expected), written(actual));
  }

  private static byte[] written(RevenueAccumulator revenue) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    RevenueSerializer.INSTANCE.serialize(revenue, out);
    return out.getCopyOfBuffer();
  }

  private static byte[] fixture(Path path) throws IOException {
    return HexFormat.of().parseHex(Files.readString(path).replaceAll("\\s", ""));
  }
}
