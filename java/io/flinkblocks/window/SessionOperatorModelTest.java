package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;

/**
 * The operator against plain lists of events: whatever comes in whatever order, over restarts, it
 * emits at every step what they would.
 */
class SessionOperatorModelTest {
  private static final long SAME = -1;

  /** One thing that happens to the operator. */
  sealed interface Step {}

  /** An event comes, so far ahead of the watermark, or behind. */
  record Send(String user, long ahead) implements Step {}

  /** The watermark advances. */
  record Advance(long by) implements Step {}

  /**
   * A checkpoint, a failure, a restore, maybe with another allowed lateness; the sources' watermark
   * starts so far behind.
   */
  record Restart(long behind, long lateness) implements Step {}

  /** All in ms; no early firings when the interval is 0. */
  record Shape(long timeout, long lateness, long earlyFiring) {}

  @Property(tries = 250)
  void everyStepEmitsWhatTheListsOfEventsSay(
      @ForAll("shapes") Shape shape, @ForAll("steps") List<Step> steps) throws Exception {
    check(shape, steps, new HashMapStateBackend());
  }

  @Property(tries = 12)
  void everyStepEmitsTheSameOnRocksDb(
      @ForAll("shapes") Shape shape, @ForAll("steps") List<Step> steps) throws Exception {
    check(shape, steps, new EmbeddedRocksDBStateBackend());
  }

  /** Nothing is known any more of the session that had the start before. */
  @Example
  void aSessionWithTheStartOfOneThatIsClosedForGoodBeginsAnew() throws Exception {
    List<Step> steps =
        List.of(
            new Send("b", 19),
            new Advance(39),
            new Send("b", -3),
            new Send("b", 3),
            new Advance(19),
            new Send("b", -39));
    check(new Shape(17, 0, 0), steps, new HashMapStateBackend());
  }

  @Provide
  Arbitrary<Shape> shapes() {
    return Combinators.combine(
            Arbitraries.longs().between(1, 40),
            Arbitraries.of(0L, 0L, 1L, 10L, 60L, 200L),
            Arbitraries.of(0L, 0L, 1L, 7L, 25L, 100L))
        .as(Shape::new);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Arbitraries.frequencyOf(
            Tuple.of(20, sends()),
            Tuple.of(6, Arbitraries.longs().between(1, 40).map(Advance::new)),
            Tuple.of(1, restarts()))
        .list()
        .ofMaxSize(80);
  }

  private static Arbitrary<Step> sends() {
    return Combinators.combine(Arbitraries.of("a", "b"), Arbitraries.longs().between(-120, 60))
        .as(Send::new);
  }

  private static Arbitrary<Step> restarts() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 60), Arbitraries.of(SAME, SAME, 0L, 5L, 60L))
        .as(Restart::new);
  }

  private static void check(Shape shape, List<Step> steps, StateBackend backend) throws Exception {
    Model model = new Model(shape);
    long raw = 500; // The watermark that the sources send.
    long lateness = shape.lateness();
    TestingSessions sessions = open(shape, lateness, backend, null);
    try {
      sessions.watermark(raw);
      model.watermark(raw);
      int ids = 0;
      for (Step step : steps) {
        if (step instanceof Send send) {
          Point point = new Point("e" + ids++, model.watermark + send.ahead());
          sessions.send(send.user(), point.id(), point.time());
          model.send(send.user(), point);
          assertEquals(model.takeEmitted(), shortened(sessions.take())); // In this order.
        } else if (step instanceof Advance advance) {
          raw += advance.by();
          sessions.watermark(raw);
          model.watermark(Math.max(raw, model.watermark));
        } else if (step instanceof Restart restart) {
          OperatorSubtaskState state = sessions.snapshot();
          sessions.close();
          lateness = restart.lateness() == SAME ? lateness : restart.lateness();
          sessions = open(shape, lateness, backend, state);
          raw = model.watermark - restart.behind();
          model.restart(lateness);
        }
        model.assertStep(sessions);
      }
      sessions.watermark(Long.MAX_VALUE);
      model.watermark(Long.MAX_VALUE);
      model.assertStep(sessions);
      assertTrue(sessions.isEmpty());
      assertEquals(ids, sessions.count("used") + sessions.count("late"));
    } finally {
      sessions.close();
    }
  }

  private static TestingSessions open(
      Shape shape, long lateness, StateBackend backend, OperatorSubtaskState state)
      throws Exception {
    var builder =
        TestingSessions.firings(shape.timeout(), lateness, shape.earlyFiring()).backend(backend);
    return (state == null ? builder : builder.restore(1, state)).open();
  }

  /** An event. */
  record Point(String id, long time) {}

  /** The events of one session, in any order. */
  private static final class Group {
    final List<Point> points = new ArrayList<>();
    Long published;

    /** How many records that are not early it has, with its start. */
    int revision;

    long start() {
      return points.stream().mapToLong(Point::time).min().getAsLong();
    }

    long last() {
      return points.stream().mapToLong(Point::time).max().getAsLong();
    }

    String show(String user) {
      return TestingIdSession.show(user, start(), last(), points.stream().map(Point::id).toList());
    }
  }

  /** Sessions as the contract tells them: an event joins those with an event that is near. */
  private static final class Model {
    private final long timeout;
    private final long earlyFiring;
    private final Map<String, List<Group>> groups = new TreeMap<>();

    private final List<String> emitted = new ArrayList<>();
    private long lateness;
    private long longestLateness;
    private long watermark = Long.MIN_VALUE;
    private long closedUpTo = Long.MIN_VALUE;
    private long used;
    private long late;

    Model(Shape shape) {
      this.timeout = shape.timeout();
      this.earlyFiring = shape.earlyFiring();
      this.lateness = shape.lateness();
      this.longestLateness = lateness;
    }

    void send(String user, Point point) {
      List<Group> all = groups.computeIfAbsent(user, missing -> new ArrayList<>());
      List<Group> near =
          all.stream()
              .filter(g -> g.last() + timeout > closedUpTo)
              .filter(g -> g.points.stream().anyMatch(p -> isNear(p, point)))
              .toList();
      if (near.isEmpty() && point.time() + timeout <= closedUpTo) {
        late++;
        emitted.add("late by " + (watermark - point.time()) + " " + point.id());
        return;
      }
      used++;
      Group joined = new Group();
      joined.points.add(point);
      near.forEach(group -> joined.points.addAll(group.points));
      near.stream()
          .filter(group -> group.published != null)
          .sorted(Comparator.comparing(group -> group.published))
          .forEach(group -> takeOver(user, group.published, group.revision, joined));
      all.removeAll(near);
      all.add(joined);
      if (joined.last() + timeout <= watermark) {
        emit(user, joined);
      }
    }

    private boolean isNear(Point one, Point other) {
      return Math.abs(one.time() - other.time()) <= timeout;
    }

    private void takeOver(String user, long start, int revision, Group joined) {
      if (start == joined.start()) {
        joined.published = start;
        joined.revision = revision;
      } else {
        emitted.add(TestingIdSession.showRetraction(user, start));
      }
    }

    void watermark(long next) {
      groups.forEach(
          (user, all) ->
              all.stream()
                  .filter(g -> watermark < g.last() + timeout)
                  .forEach(
                      group -> {
                        emitEarly(user, group, next);
                        if (group.last() + timeout <= next) {
                          emit(user, group);
                        }
                      }));
      watermark = next;
      close();
    }

    private void emitEarly(String user, Group group, long next) {
      if (earlyFiring == 0) {
        return;
      }
      long first = (Math.max(group.start(), watermark + 1) / earlyFiring + 1) * earlyFiring;
      for (long time = first;
          time - 1 <= next && time - 1 < group.last() + timeout;
          time += earlyFiring) {
        emitted.add(group.show(user) + TestingIdSession.EARLY);
        group.published = group.start();
      }
    }

    /** Whether nothing of it is left, whichever lateness it had. */
    private boolean isLongClosed(Group group) {
      return group.last() + timeout + longestLateness <= watermark;
    }

    void restart(long newLateness) {
      lateness = newLateness;
      longestLateness = Math.max(longestLateness, lateness);
      close();
    }

    /** What is closed stays so, when the lateness grows, too. */
    private void close() {
      closedUpTo = Math.max(closedUpTo, watermark - lateness);
    }

    private void emit(String user, Group group) {
      emitted.add(group.show(user) + TestingIdSession.showRevision(group.revision++));
      group.published = group.start();
    }

    List<String> takeEmitted() {
      List<String> taken = List.copyOf(emitted);
      emitted.clear();
      return taken;
    }

    void assertStep(TestingSessions operator) {
      assertEquals(
          takeEmitted().stream().sorted().toList(),
          shortened(operator.take()).stream().sorted().toList());
      assertEquals(List.of(used, late), List.of(operator.count("used"), operator.count("late")));
      if (groups.values().stream().flatMap(List::stream).allMatch(this::isLongClosed)) {
        assertTrue(operator.isEmpty());
      }
    }
  }

  private static List<String> shortened(List<String> values) {
    return values.stream()
        .map(
            value ->
                value.replaceFirst(
                    "\\{\"analysis\":\"ids\",\"late_by_ms\":(\\d+),"
                        + "\"event\":\\{\"event_id\":\"(e\\d+)\".*",
                    "late by $1 $2"))
        .toList();
  }
}
