package io.flinkblocks.analytics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/**
 * The stored form of an owner's totals. A fixture of each version stays in testdata: what
 * savepoints hold of the serializer, then {@link #sample}.
 */
class TotalsSerializerTest {
  private static final Path VERSION_1 =
      Path.of("java/io/flinkblocks/analytics/testdata/totals_v1.hex");

  @Test
  void versionOneIsStillRead() throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(fixture(VERSION_1));
    TypeSerializerSnapshot<Totals> snapshot =
        TypeSerializerSnapshot.readVersionedSnapshot(in, getClass().getClassLoader());
    Totals read = snapshot.restoreSerializer().deserialize(in);

    assertEquals(0, in.available());
    assertEquals(sample().upsert(1), read.upsert(1));
    assertFalse(
        TotalsSerializer.INSTANCE
            .snapshotConfiguration()
            .resolveSchemaCompatibility(snapshot)
            .isIncompatible());
  }

  @Test
  void theFormHasNotChangedWithoutANewVersion() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    TypeSerializerSnapshot.writeVersionedSnapshot(
        out, TotalsSerializer.INSTANCE.snapshotConfiguration());
    TotalsSerializer.INSTANCE.serialize(sample(), out);

    assertEquals(
        HexFormat.of().formatHex(fixture(VERSION_1)),
        HexFormat.of().formatHex(out.getCopyOfBuffer()));
  }

  @Test
  void copiesAreEqualAndIndependent() throws IOException {
    Totals original = sample();
    Totals copy = TotalsSerializer.INSTANCE.copy(original);
    assertArrayEquals(written(original), written(copy));
    original.orders(Delta.orders(1, 1, 5, Delta.NEVER, Delta.NEVER));
    original.noRow();
    assertArrayEquals(written(sample()), written(copy));

    DataOutputSerializer out = new DataOutputSerializer(64);
    TotalsSerializer.INSTANCE.copy(new DataInputDeserializer(written(copy)), out);
    assertArrayEquals(written(copy), out.getCopyOfBuffer());
  }

  @Test
  void totalsOfNobodyAreWrittenAndRead() throws IOException {
    Totals read =
        TotalsSerializer.INSTANCE.deserialize(new DataInputDeserializer(written(new Totals())));
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

  private static byte[] written(Totals totals) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    TotalsSerializer.INSTANCE.serialize(totals, out);
    return out.getCopyOfBuffer();
  }

  private static byte[] fixture(Path path) throws IOException {
    return HexFormat.of().parseHex(Files.readString(path).replaceAll("\\s", ""));
  }
}
