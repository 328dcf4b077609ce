package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.event.Event;
import java.util.List;
import java.util.function.Supplier;
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

/** With and without the first step, everything comes out the same at the same watermarks. */
class CombinedOperatorModelTest {
  /** One thing that happens to both jobs. */
  sealed interface Step {}

  /** An event comes, so far ahead of the watermark, or behind. */
  record Send(String key, long ahead) implements Step {}

  /** The watermark advances. */
  record Advance(long by) implements Step {}

  /** A checkpoint, a failure, a restore; the sources' watermark starts so far behind. */
  record Restart(long behind) implements Step {}

  /** The input is idle for a moment, while another one moves the watermark of the keys. */
  record Idle(long by) implements Step {}

  /** The windows of both jobs. */
  interface Shape {
    TestingOperator.Builder<? extends TestingOperator> operator();

    PaneCombiner<?> combiner();
  }

  /** All times in ms. */
  record Sliding(long size, long slide, long lateness, long early) implements Shape {
    private PaneOperator<List<String>> windows() {
      var firing = new EarlyFiring(early);
      return new PaneOperator<>("ids", new TestingRollingIds(0), size, slide, lateness, firing);
    }

    @Override
    public TestingOperator.Builder<TestingWindows> operator() {
      return TestingWindows.of("ids", windows());
    }

    @Override
    public PaneCombiner<?> combiner() {
      return windows().combiner(Event.CATEGORY, false);
    }
  }

  /** All times in ms. */
  record Levels(long lowest, long lateness) implements Shape {
    private LevelOperator<List<String>> windows() {
      return new LevelOperator<>(
          "ids",
          new TestingRollingIds(0, false),
          List.of(lowest, 2 * lowest, 6 * lowest),
          lateness);
    }

    @Override
    public TestingOperator.Builder<TestingLevels> operator() {
      return TestingLevels.of("ids", windows());
    }

    @Override
    public PaneCombiner<?> combiner() {
      return windows().combiner(Event.CATEGORY, false);
    }
  }

  /** Both jobs, with what they have said so far. */
  private static final class Jobs implements AutoCloseable {
    private final Shape shape;
    private final Supplier<StateBackend> backend;
    private TestingOperator plain;
    private TestingCombined first;
    private TestingOperator second;

    Jobs(Shape shape, Supplier<StateBackend> backend) throws Exception {
      this.shape = shape;
      this.backend = backend;
      plain = shape.operator().backend(backend.get()).open();
      second = shape.operator().backend(backend.get()).open();
      first = new TestingCombined(shape.combiner(), null);
    }

    void send(Event event) throws Exception {
      plain.send(event);
      first.send(event);
      first.handOver(second);
    }

    void watermark(long watermark) throws Exception {
      plain.watermark(watermark);
      first.watermark(watermark, second);
      second.watermark(watermark);
      assertSame();
      long seen = plain.count("used") + plain.count("late");
      assertEquals(seen, first.held() + second.count("used") + second.count("late"));
    }

    void idle(long watermark) throws Exception {
      first.idle(second);
      plain.watermark(watermark);
      second.watermark(watermark);
      assertSame();
    }

    private void assertSame() {
      assertEquals(
          plain.take().stream().sorted().toList(), second.take().stream().sorted().toList());
    }

    void restart() throws Exception {
      OperatorSubtaskState watermark = first.snapshot();
      first.handOver(second);
      OperatorSubtaskState plainState = plain.snapshot();
      OperatorSubtaskState state = second.snapshot();
      assertSame();
      assertCounts();
      close();
      plain = shape.operator().backend(backend.get()).restore(1, plainState).open();
      second = shape.operator().backend(backend.get()).restore(1, state).open();
      first = new TestingCombined(shape.combiner(), watermark);
    }

    void assertCounts() {
      assertEquals(plain.count("used"), second.count("used"));
      assertEquals(plain.count("late"), second.count("late"));
      assertEquals(0, first.held());
      assertEquals(plain.entries("panes"), second.entries("panes"));
    }

    @Override
    public void close() {
      plain.close();
      first.close();
      second.close();
    }
  }

  @Property(tries = 150)
  void slidingWindowsAreTheSame(
      @ForAll("sliding") Sliding windows, @ForAll("steps") List<Step> steps) throws Exception {
    check(windows, steps, HashMapStateBackend::new);
  }

  @Property(tries = 8)
  void slidingWindowsAreTheSameOnRocksDb(
      @ForAll("sliding") Sliding windows, @ForAll("steps") List<Step> steps) throws Exception {
    check(windows, steps, EmbeddedRocksDBStateBackend::new);
  }

  @Property(tries = 75)
  void levelsAreTheSame(@ForAll("levels") Levels windows, @ForAll("steps") List<Step> steps)
      throws Exception {
    check(windows, steps, HashMapStateBackend::new);
  }

  private static void check(Shape shape, List<Step> steps, Supplier<StateBackend> backend)
      throws Exception {
    try (Jobs jobs = new Jobs(shape, backend)) {
      long watermark = 500;
      long reached = watermark;
      jobs.watermark(watermark);
      int ids = 0;
      for (Step step : steps) {
        if (step instanceof Send send) {
          jobs.send(TestingEvents.event(send.key(), "e" + ids++, reached + send.ahead()));
        } else if (step instanceof Advance advance) {
          watermark += advance.by();
          reached = Math.max(reached, watermark);
          jobs.watermark(watermark);
        } else if (step instanceof Idle idle) {
          reached += idle.by();
          jobs.idle(reached);
        } else if (step instanceof Restart restart) {
          jobs.restart();
          watermark = reached - restart.behind();
        }
      }
      jobs.watermark(Long.MAX_VALUE);
      jobs.assertCounts();
      assertEquals(0, jobs.second.timers());
    }
  }

  @Provide
  Arbitrary<Sliding> sliding() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 20),
            Arbitraries.of(1, 1, 2, 7),
            Arbitraries.of(0, 0, 10, 60),
            Arbitraries.of(0, 0, 7, 20))
        .as((slide, panes, lateness, early) -> new Sliding(slide * panes, slide, lateness, early));
  }

  @Provide
  Arbitrary<Levels> levels() {
    return Combinators.combine(Arbitraries.integers().between(1, 20), Arbitraries.of(0, 0, 10, 60))
        .as((lowest, lateness) -> new Levels(lowest, lateness));
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Arbitraries.frequencyOf(
            Tuple.of(20, sends()),
            Tuple.of(6, Arbitraries.longs().between(1, 40).map(Advance::new)),
            Tuple.of(1, Arbitraries.longs().between(1, 40).map(Idle::new)),
            Tuple.of(2, Arbitraries.longs().between(0, 60).map(Restart::new)))
        .list()
        .ofMaxSize(60);
  }

  private static Arbitrary<Step> sends() {
    return Combinators.combine(Arbitraries.of("a", "b", "c"), Arbitraries.longs().between(-80, 40))
        .as(Send::new);
  }
}
