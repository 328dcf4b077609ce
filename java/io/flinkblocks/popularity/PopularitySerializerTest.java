package io.flinkblocks.popularity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.flinkblocks.popularity.TestingVisits.Visit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/**
 * The stored form of a popularity accumulator. A fixture of each version stays in testdata: what
 * savepoints hold of the serializer, then {@link #sample}.
 */
class PopularitySerializerTest {
  private static final Path VERSION_1 =
      Path.of("java/io/flinkblocks/popularity/testdata/accumulator_v1.hex");

  private final PopularityAggregator aggregator = new PopularityAggregator(10);

  @Test
  void versionOneIsStillRead() throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(fixture(VERSION_1));
    TypeSerializerSnapshot<PopularityAccumulator> snapshot =
        TypeSerializerSnapshot.readVersionedSnapshot(in, getClass().getClassLoader());
    PopularityAccumulator read = snapshot.restoreSerializer().deserialize(in);

    assertEquals(0, in.available());
    assertArrayEquals(written(sample()), written(read));
    assertFalse(
        PopularitySerializer.INSTANCE
            .snapshotConfiguration()
            .resolveSchemaCompatibility(snapshot)
            .isIncompatible());
  }

  @Test
  void theFormHasNotChangedWithoutANewVersion() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    TypeSerializerSnapshot.writeVersionedSnapshot(
        out, PopularitySerializer.INSTANCE.snapshotConfiguration());
    PopularitySerializer.INSTANCE.serialize(sample(), out);

    assertEquals(
        HexFormat.of().formatHex(fixture(VERSION_1)),
        HexFormat.of().formatHex(out.getCopyOfBuffer()));
  }

  @Test
  void whatWasReadGoesOnAsIfItHadNotBeenWritten() throws IOException {
    PopularityAccumulator original = sample();
    PopularityAccumulator read = read(written(original));
    for (Visit visit :
        List.of(
            new Visit("c", "prod-1", "user-1", "view", 1), // Both are known, as a pair too.
            new Visit("c", "prod-1", "user-99", "view", 1),
            new Visit("c", "prod-99", "user-1", "purchase", 1))) {
      aggregator.add(visit.event(), original);
      aggregator.add(visit.event(), read);
    }
    assertArrayEquals(written(original), written(read));
  }

  @Test
  void copiesAreEqualAndIndependent() throws IOException {
    PopularityAccumulator original = sample();
    PopularityAccumulator copy = PopularitySerializer.INSTANCE.copy(original);
    for (int i = 0; i < 100; i++) {
      aggregator.add(new Visit("c", "new-" + i, "user-" + i, "view", 1).event(), original);
    }
    aggregator.add(new Visit("c", "prod-1", "user-1", "view", 1).event(), original);
    assertArrayEquals(written(sample()), written(copy));

    DataOutputSerializer out = new DataOutputSerializer(64);
    PopularitySerializer.INSTANCE.copy(new DataInputDeserializer(written(copy)), out);
    assertArrayEquals(written(copy), out.getCopyOfBuffer());
  }

  @Test
  void anEmptyAccumulatorIsWrittenAndRead() throws IOException {
    PopularityAccumulator read = read(written(aggregator.create()));
    assertArrayEquals(written(aggregator.create()), written(read));
    sampleVisits().forEach(visit -> aggregator.add(visit.event(), read));
    assertArrayEquals(written(sample()), written(read));
  }

  private PopularityAccumulator sample() {
    PopularityAccumulator sample = aggregator.create();
    sampleVisits().forEach(visit -> aggregator.add(visit.event(), sample));
    return sample;
  }

  /** Each action, an id of 256 bytes, counts that take one byte and two. */
  private static List<Visit> sampleVisits() {
    List<Visit> visits = new ArrayList<>();
    List<String> actions =
        List.of("view", "add_to_cart", "remove_from_cart", "purchase", "wishlist", "share");
    for (int i = 0; i < 24; i++) {
      visits.add(new Visit("c", "prod-" + i % 12, "user-" + i % 5, actions.get(i % 6), 1));
    }
    visits.add(new Visit("c", "\u00fc".repeat(128), "\ud83d\ude00".repeat(64), "purchase", 1));
    for (int i = 0; i < 200; i++) {
      visits.add(new Visit("c", "prod-0", "user-0", "view", 1));
    }
    return visits;
  }

  private static PopularityAccumulator read(byte[] bytes) throws IOException {
    return PopularitySerializer.INSTANCE.deserialize(new DataInputDeserializer(bytes));
  }

  private static byte[] written(PopularityAccumulator popularity) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    PopularitySerializer.INSTANCE.serialize(popularity, out);
    return out.getCopyOfBuffer();
  }

  private static byte[] fixture(Path path) throws IOException {
    return HexFormat.of().parseHex(Files.readString(path).replaceAll("\\s", ""));
  }
}
