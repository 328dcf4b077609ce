package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;

/**
 * Levels made of each other against plain windows: whatever comes in whatever order, over restarts,
 * the operator emits at every step, and for each key in the same order, what a list of all its
 * events per window would.
 */
class LevelOperatorModelTest {
  private static final long SAME = -1;

  /** One thing that happens to the operator. */
  sealed interface Step {}

  /** An event comes, so far ahead of the watermark, or behind. */
  record Send(String key, long ahead) implements Step {}

  /** The watermark advances. */
  record Advance(long by) implements Step {}

  /**
   * A checkpoint, a failure, a restore, maybe with another allowed lateness; the sources' watermark
   * starts so far behind.
   */
  record Restart(long behind, long lateness) implements Step {}

  /**
   * @param sizes of the windows, in ms like the lateness
   */
  record Shape(List<Long> sizes, long lateness) {}

  @Property(tries = 200)
  void levelsAreWindows(@ForAll("shapes") Shape shape, @ForAll("steps") List<Step> steps)
      throws Exception {
    check(shape, steps, new HashMapStateBackend(), 0);
  }

  @Property(tries = 5)
  void levelsAreWindowsOnRocksDb(@ForAll("shapes") Shape shape, @ForAll("steps") List<Step> steps)
      throws Exception {
    check(shape, steps, new EmbeddedRocksDBStateBackend(), 0);
  }

  @Property(tries = 5)
  void levelsAreWindowsWhenFewOfThemFitIntoMemory(
      @ForAll("shapes") Shape shape, @ForAll("steps") List<Step> steps) throws Exception {
    long footprint = CacheBudget.bytes(Runtime.getRuntime().maxMemory(), 1) / 3;
    check(shape, steps, new EmbeddedRocksDBStateBackend(), footprint);
  }

  @Provide
  Arbitrary<Shape> shapes() {
    return Combinators.combine(
            Arbitraries.longs().between(1, 12),
            Arbitraries.of(2, 3, 5),
            Arbitraries.of(2, 4),
            Arbitraries.of(0, 0, 1, 10, 12, 60))
        .as(
            (size, second, third, lateness) ->
                new Shape(List.of(size, size * second, size * second * third), lateness));
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Arbitraries.frequencyOf(
            Tuple.of(20, sends()),
            Tuple.of(6, Arbitraries.longs().between(1, 40).map(Advance::new)),
            Tuple.of(1, restarts()))
        .list()
        .ofMaxSize(60);
  }

  private static Arbitrary<Step> sends() {
    return Combinators.combine(Arbitraries.of("a", "b"), Arbitraries.longs().between(-80, 40))
        .as(Send::new);
  }

  private static Arbitrary<Step> restarts() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 60), Arbitraries.of(SAME, SAME, 0L, 5L, 60L))
        .as(Restart::new);
  }

  private static void check(Shape shape, List<Step> steps, StateBackend backend, long footprint)
      throws Exception {
    Model model = new Model(shape);
    long raw = 500; // The watermark that the sources send.
    TestingLevels levels = open(shape, shape.lateness(), backend, footprint, null);
    try {
      levels.watermark(raw);
      model.watermark(raw);
      int ids = 0;
      for (Step step : steps) {
        if (step instanceof Send send) {
          String id = "e" + ids++;
          long timestamp = model.watermark + send.ahead();
          levels.send(send.key(), id, timestamp);
          model.send(send.key(), id, timestamp);
        } else if (step instanceof Advance advance) {
          raw += advance.by();
          levels.watermark(raw);
          model.watermark(Math.max(raw, model.watermark));
        } else if (step instanceof Restart restart) {
          OperatorSubtaskState state = levels.snapshot();
          levels.close();
          long lateness = restart.lateness() == SAME ? model.lateness : restart.lateness();
          levels = open(shape, lateness, backend, footprint, state);
          raw = model.watermark - restart.behind();
          model.restart(lateness);
        }
        model.assertStep(levels);
      }
      levels.watermark(Long.MAX_VALUE);
      model.watermark(Long.MAX_VALUE);
      model.assertStep(levels);
      assertEquals(0, levels.timers());
      assertEquals(0, levels.lowest() + levels.results());
      assertEquals(0, levels.revisions(0) + levels.revisions(1) + levels.revisions(2));
      assertEquals(ids, levels.count("used") + levels.count("late"));
    } finally {
      levels.close();
    }
  }

  private static TestingLevels open(
      Shape shape, long lateness, StateBackend backend, long footprint, OperatorSubtaskState state)
      throws Exception {
    var builder =
        TestingLevels.ids(new TestingIds(footprint), lateness, shape.sizes().toArray(new Long[0]))
            .backend(backend);
    return (state == null ? builder : builder.restore(1, state)).open();
  }

  /** Windows as the contract tells them: each a list of its own. */
  private static final class Model {
    /** In the order in which windows of one key fire. */
    private record Place(String key, long end, long size) implements Comparable<Place> {
      @Override
      public int compareTo(Place other) {
        return Comparator.comparing(Place::key)
            .thenComparing(Place::end)
            .thenComparing(Place::size)
            .compare(this, other);
      }
    }

    private final Shape shape;
    private final TreeMap<Place, List<String>> windows = new TreeMap<>();
    private final Map<Place, Integer> revisions = new TreeMap<>();
    private final List<String> emitted = new ArrayList<>();
    private long watermark = Long.MIN_VALUE;
    private long lateness;
    private long closedUpTo = Long.MIN_VALUE;
    private long used;
    private long late;

    Model(Shape shape) {
      this.shape = shape;
      this.lateness = shape.lateness();
    }

    void send(String key, String id, long timestamp) {
      long lowest = shape.sizes().get(0);
      if (Math.floorDiv(timestamp, lowest) * lowest + lowest - 1 <= closedUpTo) {
        late++;
        emitted.add(key + " late by " + (watermark - timestamp) + " " + id);
        return;
      }
      used++;
      for (long size : shape.sizes()) {
        long end = Math.floorDiv(timestamp, size) * size + size;
        Place place = new Place(key, end, size);
        windows.computeIfAbsent(place, p -> new ArrayList<>()).add(id);
        if (end - 1 <= watermark) {
          emit(place);
        }
      }
    }

    void watermark(long next) {
      for (Place place : windows.keySet()) {
        if (watermark < place.end() - 1 && place.end() - 1 <= next) {
          emit(place);
        }
      }
      watermark = next;
      close();
    }

    void restart(long newLateness) {
      lateness = newLateness;
      close();
    }

    /** What is closed stays so, when the lateness grows, too. */
    private void close() {
      closedUpTo = Math.max(closedUpTo, watermark - lateness);
    }

    private void emit(Place place) {
      long start = place.end() - place.size();
      int revision = revisions.merge(place, 1, Integer::sum) - 1;
      List<String> ids = windows.get(place);
      emitted.add(TestingLevels.show(place.key(), start, place.end(), ids, revision));
    }

    void assertStep(TestingLevels operator) {
      List<String> actual =
          operator.take().stream().map(LevelOperatorModelTest::shortenLate).toList();
      assertEquals(byKey(emitted), byKey(actual));
      emitted.clear();
      assertEquals(List.of(used, late), List.of(operator.count("used"), operator.count("late")));
    }
  }

  /** Leaves each key's values in their order. */
  private static List<String> byKey(List<String> values) {
    return values.stream().sorted(Comparator.comparing(value -> value.charAt(0))).toList();
  }

  private static String shortenLate(String value) {
    return value.replaceFirst(
        "\\{\"analysis\":\"ids\",\"late_by_ms\":(\\d+),"
            + "\"event\":\\{\"event_id\":\"(e\\d+)\".*\"category\":\"(.)\".*",
        "$3 late by $1 $2");
  }
}
