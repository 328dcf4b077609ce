package io.flinkblocks.ordered;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.event.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
 * Whatever comes in whatever order, over restarts: at every step each key's journal goes on as a
 * list of its events would, sorted and read from front to back.
 */
class OrderedOperatorModelTest {
  /** One thing that happens to the operator. */
  sealed interface Step {}

  /** An event comes, so far ahead of the watermark, or behind. */
  record Send(String key, String id, long ahead, String wish) implements Step {}

  /** The watermark advances. */
  record Advance(long by) implements Step {}

  /** A checkpoint, a failure, a restore; the sources' watermark starts so far behind. */
  record Restart(long behind) implements Step {}

  @Property(tries = 300)
  void eventsComeInOrder(@ForAll("steps") List<Step> steps) throws Exception {
    check(steps, new HashMapStateBackend());
  }

  @Property(tries = 15)
  void eventsComeInOrderOnRocksDb(@ForAll("steps") List<Step> steps) throws Exception {
    check(steps, new EmbeddedRocksDBStateBackend());
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Arbitraries.frequencyOf(
            Tuple.of(20, sends()),
            Tuple.of(6, Arbitraries.longs().between(1, 30).map(Advance::new)),
            Tuple.of(1, Arbitraries.longs().between(0, 60).map(Restart::new)))
        .list()
        .ofMaxSize(80);
  }

  /** Few ids and times: many tie, some are the same record again. */
  private static Arbitrary<Step> sends() {
    return Combinators.combine(
            Arbitraries.of("u", "v", "w"),
            Arbitraries.of("a", "b", "\u00fc", "aa"),
            Arbitraries.longs().between(-5, 25),
            Arbitraries.of("keep", "forget", "wait 0", "wait 3", "wait 12", "wait 40", "wait -4")
                .flatMap(wish -> Arbitraries.of(wish, wish, wish.replaceAll("\\d$", "$0 then 2"))))
        .as(Send::new);
  }

  private static void check(List<Step> steps, StateBackend backend) throws Exception {
    Model model = new Model();
    long raw = 500; // The watermark that the sources send.
    TestingOrdered ordered = TestingOrdered.journal().backend(backend).open();
    try {
      ordered.watermark(raw);
      model.watermark(raw);
      for (Step step : steps) {
        if (step instanceof Send send) {
          Event event =
              TestingOrdered.event(
                  send.key(), send.id(), model.watermark + send.ahead(), send.wish());
          ordered.send(event);
          model.send(event);
        } else if (step instanceof Advance advance) {
          raw += advance.by();
          ordered.watermark(raw);
          model.watermark(Math.max(raw, model.watermark));
        } else if (step instanceof Restart restart) {
          OperatorSubtaskState state = ordered.snapshot();
          ordered.close();
          ordered = TestingOrdered.journal().backend(backend).restore(1, state).open();
          raw = model.watermark - restart.behind();
        }
        model.assertStep(ordered);
      }
      ordered.watermark(Long.MAX_VALUE);
      model.watermark(Long.MAX_VALUE);
      model.assertStep(ordered);
      assertEquals(0, ordered.timers());
      assertEquals(0, ordered.entries());
    } finally {
      ordered.close();
    }
  }

  /** What is known of a key. */
  private static final class Journal {
    private final List<Event> waiting = new ArrayList<>();
    private Long timer;
    private int seen;
    private int again;
  }

  private static final class Model {
    private final Map<String, Journal> journals = new TreeMap<>();
    private final List<String> emitted = new ArrayList<>();
    private long watermark = Long.MIN_VALUE;
    private long used;
    private long late;

    void send(Event event) {
      if (event.timestamp() <= watermark) {
        late++;
        emitted.add(event.userId() + " late by " + (watermark - event.timestamp()));
      } else {
        journals.computeIfAbsent(event.userId(), user -> new Journal()).waiting.add(event);
      }
    }

    void watermark(long next) {
      watermark = next;
      journals.forEach(this::advance);
    }

    private void advance(String user, Journal journal) {
      // These records are ASCII but for one letter above it, so their texts sort as their bytes.
      journal.waiting.sort(
          Comparator.comparingLong(Event::timestamp)
              .thenComparing(Event::eventId)
              .thenComparing(Event::toString));
      while (!journal.waiting.isEmpty() && journal.waiting.get(0).timestamp() <= watermark) {
        Event event = journal.waiting.remove(0);
        fire(user, journal, event.timestamp());
        take(user, journal, event);
      }
      fire(user, journal, watermark);
    }

    private void fire(String user, Journal journal, long now) {
      while (journal.timer != null && journal.timer <= now) {
        emitted.add(user + " @" + journal.timer + " #" + journal.seen);
        journal.timer = journal.again-- > 0 ? journal.timer + TestingJournal.AGAIN : null;
        journal.seen = journal.timer == null ? 0 : journal.seen;
      }
    }

    private void take(String user, Journal journal, Event event) {
      used++;
      journal.seen++;
      emitted.add(user + " " + event.eventId() + " #" + journal.seen);
      String[] wish = event.category().split(" ");
      if (wish[0].equals("wait")) {
        journal.timer = event.timestamp() + Long.parseLong(wish[1]);
        journal.again = wish.length > 2 ? Integer.parseInt(wish[3]) : 0;
      } else if (wish[0].equals("forget") || journal.timer == null) {
        journal.timer = null;
        journal.seen = 0;
      }
    }

    /** Each key's records in their order; of different keys there is none. */
    void assertStep(TestingOrdered ordered) {
      assertEquals(byKey(emitted), byKey(ordered.take()));
      emitted.clear();
      long held = journals.values().stream().mapToLong(journal -> journal.waiting.size()).sum();
      assertEquals(
          List.of(used, late, held),
          List.of(ordered.count("used"), ordered.count("late"), ordered.count("held")));
    }
  }

  private static Map<String, List<String>> byKey(List<String> records) {
    return records.stream()
        .map(OrderedOperatorModelTest::shortenLate)
        .collect(Collectors.groupingBy(record -> record.substring(0, 1)));
  }

  private static String shortenLate(String value) {
    return value.replaceFirst(
        "\\{\"analysis\":\"journal\",\"late_by_ms\":(\\d+),.*\"user_id\":\"(.)\".*",
        "$2 late by $1");
  }
}
