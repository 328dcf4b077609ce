package io.flinkblocks.popularity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.event.TestingStoredForm;
import io.flinkblocks.popularity.TestingVisits.Visit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The stored form of a popularity accumulator. A fixture of each version stays in testdata: what
 * savepoints hold of the serializer, then {@link #sample}.
 */
class PopularitySerializerTest {
  private static final TestingStoredForm<PopularityAccumulator> FORM =
      new TestingStoredForm<>(
          PopularitySerializer.INSTANCE,
          "java/io/flinkblocks/popularity/testdata/accumulator_v1.hex");

  private final PopularityAggregator aggregator = new PopularityAggregator(10);

  @Test
  void versionOneIsStillRead() throws IOException {
    assertArrayEquals(FORM.written(sample()), FORM.written(FORM.restored()));
  }

  @Test
  void theFormHasNotChangedWithoutANewVersion() throws IOException {
    assertEquals(FORM.fixture(), FORM.present(sample()));
  }

  @Test
  void whatWasReadGoesOnAsIfItHadNotBeenWritten() throws IOException {
    PopularityAccumulator original = sample();
    PopularityAccumulator read = FORM.readBack(original);
    for (Visit visit :
        List.of(
            new Visit("c", "prod-1", "user-1", "view", 1), // Both are known, as a pair too.
            new Visit("c", "prod-1", "user-99", "view", 1),
            new Visit("c", "prod-99", "user-1", "purchase", 1))) {
      aggregator.add(visit.event(), original);
      aggregator.add(visit.event(), read);
    }
    assertArrayEquals(FORM.written(original), FORM.written(read));
  }

  @Test
  void copiesAreEqualAndIndependent() throws IOException {
    PopularityAccumulator original = sample();
    PopularityAccumulator copy = PopularitySerializer.INSTANCE.copy(original);
    for (int i = 0; i < 100; i++) {
      aggregator.add(new Visit("c", "new-" + i, "user-" + i, "view", 1).event(), original);
    }
    aggregator.add(new Visit("c", "prod-1", "user-1", "view", 1).event(), original);
    assertArrayEquals(FORM.written(sample()), FORM.written(copy));
    assertArrayEquals(FORM.written(copy), FORM.copied(copy));
  }

  @Test
  void anEmptyAccumulatorIsWrittenAndRead() throws IOException {
    PopularityAccumulator read = FORM.readBack(aggregator.create());
    assertArrayEquals(FORM.written(aggregator.create()), FORM.written(read));
    sampleVisits().forEach(visit -> aggregator.add(visit.event(), read));
    assertArrayEquals(FORM.written(sample()), FORM.written(read));
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
}
