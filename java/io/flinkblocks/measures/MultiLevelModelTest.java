package io.flinkblocks.measures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.window.TestingEvents;
import io.flinkblocks.window.TestingLevels;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;

/**
 * Minutes, blocks of five and hours of three hours of events, against all events of each window.
 */
class MultiLevelModelTest {
  private static final long MINUTE = 60_000;
  private static final long BOUND = 2 * MINUTE;
  private static final long START = 1_699_999_200_000L; // An hour.

  private static final Pattern LATE = Pattern.compile("\"event_id\":\"(e\\d+)\"");
  private static final Pattern RECORD =
      Pattern.compile(
          ".*\"level\":\"(.*)\",\"window_key\":\"(.*)\",\"window_start\":(\\d+),.*"
              + "\"event_count\":(\\d+),\"purchase_count\":(\\d+),.*\"revenue\":([0-9.]+),.*");

  /** What happens at a time after the start, in ms; the id is still to come. */
  record Deed(
      String category, String user, String action, BigDecimal price, int quantity, long at) {
    Event event(String id) {
      return TestingEvents.event(category, id, user, action, price, quantity, START + at);
    }
  }

  @Provide
  Arbitrary<List<Deed>> deeds() {
    Arbitrary<BigDecimal> prices =
        Arbitraries.oneOf(
            Arbitraries.longs().between(0, 1_000_000_000L).map(m -> BigDecimal.valueOf(m, 6)),
            Arbitraries.of("0", "0.000001", "1000").map(BigDecimal::new));
    // Few minutes with many events, anywhere in a few hours, and the edges of windows.
    Arbitrary<Long> minutes =
        Arbitraries.of(0, 1, 4, 5, 7, 58, 59, 60, 61, 119, 150).map(m -> m * MINUTE);
    Arbitrary<Long> within =
        Arbitraries.oneOf(
            Arbitraries.of(0L, MINUTE - 1), Arbitraries.longs().between(0, MINUTE - 1));
    return Combinators.combine(
            Arbitraries.of("books", "toys"),
            Arbitraries.integers().between(1, 6).map(i -> "user-" + i),
            Arbitraries.of("view", "purchase", "wishlist"),
            prices,
            Arbitraries.of(1, 2, 1_000_000),
            Combinators.combine(minutes, within).as(Long::sum))
        .as(Deed::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(80);
  }

  @Property(tries = 80)
  void anyInterleavingWithinTheBoundGivesTheModelsRecords(
      @ForAll("deeds") List<Deed> deeds, @ForAll long seed) throws Exception {
    Run run = new Run(0, new HashMapStateBackend(), seed);
    List<Event> events = events(deeds, BOUND, run.random);
    run.send(events);

    assertEquals(List.of(), run.late);
    assertTrue(run.results.stream().allMatch(r -> r.endsWith(",\"revision\":0}")));
    assertEquals(TestingLevelModel.records(events), TestingLevelModel.last(run.results));
    assertLevelsAgree(TestingLevelModel.last(run.results));
  }

  @Property(tries = 80)
  void theLastRevisionsAreTheModelsRecordsOfWhatWasNotLate(
      @ForAll("deeds") List<Deed> deeds, @ForAll("latenesses") long lateness, @ForAll long seed)
      throws Exception {
    checkLate(deeds, new Run(lateness, new HashMapStateBackend(), seed));
  }

  @Property(tries = 2)
  void theSameOnRocksDb(
      @ForAll("deeds") List<Deed> deeds, @ForAll("latenesses") long lateness, @ForAll long seed)
      throws Exception {
    checkLate(deeds, new Run(lateness, new EmbeddedRocksDBStateBackend(), seed));
  }

  @Provide
  Arbitrary<Long> latenesses() {
    return Arbitraries.of(0, 1, 3, 10, 90, 1000).map(minutes -> minutes * MINUTE);
  }

  private static void checkLate(List<Deed> deeds, Run run) throws Exception {
    List<Event> events = events(deeds, 100 * MINUTE, run.random);
    run.send(events);

    List<Event> used = events.stream().filter(e -> !run.late.contains(e.eventId())).toList();
    assertEquals(TestingLevelModel.records(used), TestingLevelModel.last(run.results));
    assertLevelsAgree(TestingLevelModel.last(run.results));
  }

  /** In an order in which no event comes more than a time behind the latest before it. */
  private static List<Event> events(List<Deed> deeds, long disorder, Random random) {
    record Arrival(Event event, long time) {}
    List<Arrival> arrivals = new ArrayList<>();
    for (Deed deed : deeds) {
      long delay = Math.floorMod(random.nextLong(), disorder);
      arrivals.add(new Arrival(deed.event("e" + arrivals.size()), deed.at() + delay));
    }
    arrivals.sort(Comparator.comparing(Arrival::time));
    return arrivals.stream().map(Arrival::event).toList();
  }

  /** What can be added up is, on each level above the lowest, the sum of the level below. */
  private static void assertLevelsAgree(List<String> records) {
    for (long size : new long[] {5 * MINUTE, 60 * MINUTE}) {
      String level = size == 5 * MINUTE ? "5min" : "1h";
      String below = size == 5 * MINUTE ? "1min" : "5min";
      assertEquals(sums(records, level, size), sums(records, below, size));
    }
  }

  /** By key and window of a size: counts of events and purchases, revenue. */
  private static Map<String, List<BigDecimal>> sums(List<String> records, String level, long size) {
    Map<String, List<BigDecimal>> sums = new TreeMap<>();
    for (String record : records) {
      Matcher fields = RECORD.matcher(record);
      assertTrue(fields.matches(), record);
      if (fields.group(1).equals(level)) {
        String window = fields.group(2) + " " + Long.parseLong(fields.group(3)) / size;
        List<BigDecimal> values = new ArrayList<>();
        for (int group = 4; group <= 6; group++) {
          values.add(new BigDecimal(fields.group(group)).setScale(6));
        }
        sums.merge(window, values, MultiLevelModelTest::sum);
      }
    }
    return sums;
  }

  private static List<BigDecimal> sum(List<BigDecimal> one, List<BigDecimal> other) {
    List<BigDecimal> sums = new ArrayList<>();
    for (int i = 0; i < one.size(); i++) {
      sums.add(one.get(i).add(other.get(i)));
    }
    return sums;
  }

  /** An operator that is restored now and then, and what it emitted. */
  private static final class Run {
    final Random random;
    final List<String> results = new ArrayList<>();
    final List<String> late = new ArrayList<>();

    private final long lateness;
    private final StateBackend backend;
    private TestingLevels levels;

    Run(long lateness, StateBackend backend, long seed) {
      this.lateness = lateness;
      this.backend = backend;
      this.random = new Random(seed);
    }

    void send(List<Event> events) throws Exception {
      levels = builder().open();
      try {
        long latest = 0;
        for (Event event : events) {
          latest = Math.max(latest, event.timestamp());
          levels.send(event);
          levels.watermark(latest - BOUND - 1);
          if (random.nextInt(30) == 0) {
            restart();
          }
        }
        levels.watermark(Long.MAX_VALUE);
        take();
        assertEquals(0, levels.lowest() + levels.results() + levels.timers());
        assertEquals(0, levels.revisions(0) + levels.revisions(1) + levels.revisions(2));
        assertEquals(late.size(), levels.count("late"));
        assertEquals(events.size() - late.size(), levels.count("used"));
      } finally {
        levels.close();
      }
    }

    private void restart() throws Exception {
      take();
      OperatorSubtaskState state = levels.snapshot();
      levels.close();
      levels = builder().restore(1, state).open();
    }

    private TestingLevels.Builder<TestingLevels> builder() {
      Settings settings = Settings.of(Map.of("allowed-lateness", Long.toString(lateness)));
      return TestingLevels.of(MultiLevel.OUTPUT, MultiLevel.windows(settings)).backend(backend);
    }

    private void take() {
      for (String value : levels.take()) {
        Matcher id = LATE.matcher(value);
        if (id.find()) {
          late.add(id.group(1));
        } else {
          results.add(value);
        }
      }
    }
  }
}
