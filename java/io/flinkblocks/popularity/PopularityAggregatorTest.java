package io.flinkblocks.popularity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.popularity.TestingVisits.Visit;
import io.flinkblocks.window.Firing;
import io.flinkblocks.window.Window;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class PopularityAggregatorTest {
  private static final Window WINDOW = new Window(60_000, 360_000);

  private final PopularityAggregator aggregator = new PopularityAggregator(10);

  /** Few products and users, so that there are ties and repetitions; and many of both. */
  @Provide
  Arbitrary<List<Visit>> visits() {
    Arbitrary<String> products =
        Arbitraries.oneOf(
            // In bytes \uff5e comes before \ud83d\ude00, as chars behind it.
            Arbitraries.of("a", "b", "ab", "\u00e4", "\uff5e", "\ud83d\ude00", "\"q\"", "z"),
            Arbitraries.integers().between(1, 60).map(i -> "prod-" + i));
    Arbitrary<String> users =
        Arbitraries.oneOf(
            Arbitraries.of("u1", "u2", "u3", "\u00fc", "u".repeat(256)),
            Arbitraries.integers().between(1, 500).map(i -> "user-" + i));
    Arbitrary<String> actions =
        Arbitraries.of("view", "add_to_cart", "remove_from_cart", "purchase", "wishlist", "share");
    return Combinators.combine(products, users, actions)
        .as((product, user, action) -> new Visit("c", product, user, action, 60_000))
        .list()
        .ofMaxSize(200);
  }

  @Property(tries = 300)
  void anyOrderAndAnyPanesGiveTheModelsRanking(
      @ForAll("visits") List<Visit> visits,
      @ForAll @IntRange(min = 1, max = 12) int most,
      @ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    List<Visit> shuffled = new ArrayList<>(visits);
    Collections.shuffle(shuffled, random);
    List<PopularityAccumulator> panes = new ArrayList<>();
    for (int i = random.nextInt(5); i >= 0; i--) {
      panes.add(aggregator.create());
    }
    for (Visit visit : shuffled) {
      aggregator.add(visit.event(), panes.get(random.nextInt(panes.size())));
    }
    PopularityAccumulator sum = aggregator.create();
    panes.forEach(pane -> aggregator.merge(pane, sum));
    byte[][] before = {written(panes.get(0)), written(sum)};

    List<String> expected = TestingVisits.ranking(WINDOW.start(), WINDOW.end(), most, visits);
    assertEquals(expected, ranking(most, panes));
    assertEquals(expected, ranking(most, List.of(sum)));
    // What belongs to the state is left as it was.
    assertArrayEquals(before[0], written(panes.get(0)));
    assertArrayEquals(before[1], written(sum));
  }

  @Property(tries = 50)
  void mergingLeavesTheSourceAsItWas(@ForAll("visits") List<Visit> visits) throws IOException {
    PopularityAccumulator from = accumulator(visits);
    byte[] before = written(from);
    PopularityAccumulator into = aggregator.create();
    aggregator.merge(from, into);
    aggregator.add(new Visit("c", "another", "someone", "view", 60_000).event(), into);

    assertArrayEquals(before, written(from));
  }

  @Test
  void usersCountWhateverTheyDidAndOnce() {
    PopularityAccumulator popularity =
        accumulator(
            List.of(
                new Visit("c", "p", "u1", "view", 60_000),
                new Visit("c", "p", "u1", "purchase", 60_000),
                new Visit("c", "p", "u2", "remove_from_cart", 60_000),
                new Visit("c", "q", "u3", "wishlist", 60_000),
                new Visit("c", "r", "u2", "add_to_cart", 60_000)));
    assertEquals(
        List.of(
            "{\"type\":\"product_popularity\",\"category\":\"c\",\"window_start\":60000,"
                + "\"window_end\":360000,\"rank\":1,\"product_id\":\"p\",\"score\":6,\"views\":1,"
                + "\"add_to_carts\":0,\"purchases\":1,\"unique_users\":2}",
            "{\"type\":\"product_popularity\",\"category\":\"c\",\"window_start\":60000,"
                + "\"window_end\":360000,\"rank\":2,\"product_id\":\"r\",\"score\":3,\"views\":0,"
                + "\"add_to_carts\":1,\"purchases\":0,\"unique_users\":1}"),
        ranking(10, List.of(popularity)));
  }

  @Test
  void windowWithoutAScoreHasNoRecords() {
    Visit wish = new Visit("c", "p", "u", "wishlist", 60_000);
    assertEquals(List.of(), ranking(10, List.of(accumulator(List.of(wish)))));
  }

  @Test
  void mostProductsTakeFewBytes() {
    List<Visit> visits = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      visits.add(new Visit("c", "prod-" + i / 4, "user-" + i % 3_000, "view", 60_000));
    }
    PopularityAccumulator popularity = accumulator(visits);
    long footprint = aggregator.footprint(popularity);
    assertTrue(footprint > 20_000 * 10 && footprint < 20_000 * 60, footprint + " bytes");
    assertEquals(10, ranking(10, List.of(popularity)).size());
  }

  @Test
  void aRankingNeedsAProduct() {
    assertThrows(IllegalArgumentException.class, () -> new PopularityAggregator(0));
  }

  private PopularityAccumulator accumulator(List<Visit> visits) {
    PopularityAccumulator popularity = aggregator.create();
    visits.forEach(visit -> aggregator.add(visit.event(), popularity));
    return popularity;
  }

  private static List<String> ranking(int most, List<PopularityAccumulator> panes) {
    List<OutputRecord> records = new ArrayList<>();
    PopularityAggregator aggregator = new PopularityAggregator(most);
    if (panes.size() == 1) {
      aggregator.emit(Firing.once("c", WINDOW), panes.get(0), records::add);
    } else {
      aggregator.emitPanes(Firing.once("c", WINDOW), panes, records::add);
    }
    for (OutputRecord record : records) {
      assertEquals("analytics-results", record.output());
      assertEquals("c", new String(record.key(), StandardCharsets.UTF_8));
    }
    return records.stream().map(r -> new String(r.value(), StandardCharsets.UTF_8)).toList();
  }

  private static byte[] written(PopularityAccumulator popularity) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    PopularitySerializer.INSTANCE.serialize(popularity, out);
    return out.getCopyOfBuffer();
  }
}
