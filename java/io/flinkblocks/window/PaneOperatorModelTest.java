package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
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
 * Panes against plain windows: whatever comes in whatever order, over restarts, the operator emits
 * at every step what a list of events per window would.
 */
class PaneOperatorModelTest {
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

  /** What the operator is made with. */
  @FunctionalInterface
  interface Aggregators {
    Aggregator<List<String>> get();
  }

  /**
   * @param size of the windows, in ms like the others
   */
  record Shape(long size, long slide, long lateness) {}

  @Property(tries = 300)
  void panesAreWindows(@ForAll("shapes") Shape shape, @ForAll("steps") List<Step> steps)
      throws Exception {
    check(shape, steps, new HashMapStateBackend(), TestingIds::new);
  }

  @Property(tries = 300)
  void rollingSumsAreWindows(@ForAll("shapes") Shape shape, @ForAll("steps") List<Step> steps)
      throws Exception {
    check(shape, steps, new HashMapStateBackend(), () -> new TestingRollingIds(0));
  }

  @Property(tries = 8)
  void rollingSumsAreWindowsOnRocksDb(
      @ForAll("shapes") Shape shape, @ForAll("steps") List<Step> steps) throws Exception {
    check(shape, steps, new EmbeddedRocksDBStateBackend(), () -> new TestingRollingIds(0));
  }

  @Property(tries = 8)
  void panesAreWindowsOnRocksDb(@ForAll("shapes") Shape shape, @ForAll("steps") List<Step> steps)
      throws Exception {
    check(shape, steps, new EmbeddedRocksDBStateBackend(), TestingIds::new);
  }

  @Property(tries = 8)
  void panesAreWindowsWhenFewOfThemFitIntoMemory(
      @ForAll("shapes") Shape shape, @ForAll("steps") List<Step> steps) throws Exception {
    long footprint = CacheBudget.bytes(Runtime.getRuntime().maxMemory(), 1) / 3;
    check(shape, steps, new EmbeddedRocksDBStateBackend(), () -> new TestingIds(footprint));
  }

  @Property(tries = 8)
  void rollingSumsAreWindowsWhenThereIsRoomForOne(
      @ForAll("shapes") Shape shape, @ForAll("steps") List<Step> steps) throws Exception {
    check(
        shape,
        steps,
        new EmbeddedRocksDBStateBackend(),
        () -> new TestingRollingIds(CacheBudget.MOST));
  }

  @Provide
  Arbitrary<Shape> shapes() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 20),
            Arbitraries.of(1, 1, 2, 3, 7, 40),
            Arbitraries.of(0, 0, 1, 10, 60))
        .as((slide, panes, lateness) -> new Shape((long) slide * panes, slide, lateness));
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
    return Combinators.combine(Arbitraries.of("a", "b", "c"), Arbitraries.longs().between(-80, 40))
        .as(Send::new);
  }

  private static Arbitrary<Step> restarts() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 60), Arbitraries.of(SAME, SAME, 0L, 5L, 60L))
        .as(Restart::new);
  }

  private static void check(
      Shape shape, List<Step> steps, StateBackend backend, Aggregators aggregators)
      throws Exception {
    Model model = new Model(shape, aggregators.get().compares());
    long raw = 500; // The watermark that the sources send.
    long lateness = shape.lateness();
    TestingWindows windows = open(shape, lateness, backend, aggregators.get(), null);
    try {
      windows.watermark(raw);
      model.watermark(raw);
      int ids = 0;
      for (Step step : steps) {
        if (step instanceof Send send) {
          String id = "e" + ids++;
          long timestamp = model.watermark + send.ahead();
          windows.send(send.key(), id, timestamp);
          model.send(send.key(), id, timestamp);
        } else if (step instanceof Advance advance) {
          raw += advance.by();
          windows.watermark(raw);
          model.watermark(Math.max(raw, model.watermark));
        } else if (step instanceof Restart restart) {
          OperatorSubtaskState state = windows.snapshot();
          windows.close();
          lateness = restart.lateness() == SAME ? lateness : restart.lateness();
          windows = open(shape, lateness, backend, aggregators.get(), state);
          raw = model.watermark - restart.behind();
          model.restart(lateness);
        }
        model.assertStep(windows);
      }
      windows.watermark(Long.MAX_VALUE);
      model.watermark(Long.MAX_VALUE);
      model.assertStep(windows);
      assertEquals(0, windows.timers());
      assertEquals(0, windows.panes());
      assertEquals(0, model.tells ? windows.entries("fired") : 0);
      assertEquals(ids, windows.count("used") + windows.count("late"));
    } finally {
      windows.close();
    }
  }

  private static TestingWindows open(
      Shape shape,
      long lateness,
      StateBackend backend,
      Aggregator<List<String>> ids,
      OperatorSubtaskState state)
      throws Exception {
    var operator = new PaneOperator<>("ids", ids, shape.size(), shape.slide(), lateness);
    var builder = TestingWindows.of("ids", operator).backend(backend);
    return (state == null ? builder : builder.restore(1, state)).open();
  }

  /** Windows as the contract tells them: each a list of its own. */
  private static final class Model {
    private final Shape shape;
    private final Map<String, List<String>> windows = new TreeMap<>();
    private final Map<String, Long> ends = new TreeMap<>();
    private final List<String> emitted = new ArrayList<>();
    private final Map<String, Integer> firings = new TreeMap<>();
    private final Map<String, Integer> amounts = new TreeMap<>();
    private final boolean tells;
    private long watermark = Long.MIN_VALUE;
    private long lateness;
    private long closedUpTo = Long.MIN_VALUE;
    private long used;
    private long late;
    private long partial;

    /**
     * @param tells whether results tell their revision, and the amount of the window before
     */
    Model(Shape shape, boolean tells) {
      this.shape = shape;
      this.tells = tells;
      this.lateness = shape.lateness();
    }

    void send(String key, String id, long timestamp) {
      int closed = 0;
      int open = 0;
      long before = timestamp - shape.size() - shape.slide();
      for (long start = before - Math.floorMod(before, shape.slide());
          start <= timestamp;
          start += shape.slide()) {
        long end = start + shape.size();
        if (timestamp >= end) {
          continue;
        }
        if (end - 1 <= closedUpTo) {
          closed++;
          continue;
        }
        open++;
        String window = name(key, start);
        windows.computeIfAbsent(window, w -> new ArrayList<>()).add(id);
        ends.put(window, end);
        if (end - 1 <= watermark) {
          emit(window);
        }
      }
      if (open == 0) {
        late++;
        emitted.add("late by " + (watermark - timestamp) + " " + id);
      } else {
        used++;
        partial += closed > 0 ? 1 : 0;
      }
    }

    void watermark(long next) {
      ends.entrySet().stream()
          .filter(window -> watermark < window.getValue() - 1 && window.getValue() - 1 <= next)
          .sorted(Map.Entry.comparingByValue()) // A later one is compared with an earlier one.
          .forEach(window -> emit(window.getKey()));
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

    private void emit(String window) {
      List<String> ids = windows.get(window);
      emitted.add(window + String.join(" ", ids.stream().sorted().toList()) + told(window));
      amounts.put(window, ids.size());
    }

    private String told(String window) {
      if (!tells) {
        return "";
      }
      int revision = firings.merge(window, 1, Integer::sum) - 1;
      long start = ends.get(window) - shape.size();
      Integer before = amounts.get(name(window.substring(0, 1), start - shape.size()));
      return " r" + revision + (before == null ? "" : " before " + before);
    }

    private String name(String key, long start) {
      return key + " [" + start + ", " + (start + shape.size()) + ") ";
    }

    void assertStep(TestingWindows operator) {
      List<String> actual =
          operator.take().stream().map(PaneOperatorModelTest::shortenLate).sorted().toList();
      assertEquals(emitted.stream().sorted().toList(), actual);
      emitted.clear();
      assertEquals(
          List.of(used, late, partial),
          List.of(operator.count("used"), operator.count("late"), operator.count("partial")));
    }
  }

  private static String shortenLate(String value) {
    return value.replaceFirst(
        "\\{\"analysis\":\"ids\",\"late_by_ms\":(\\d+),\"event\":\\{\"event_id\":\"(e\\d+)\".*",
        "late by $1 $2");
  }
}
