package io.flinkblocks.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.window.TestingJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PatternsTest {
  private static final int EVENTS = 5_000;
  private static final int DISORDER = (int) TestingJob.DISORDER;
  private static final long START = 1_700_000_040_000L;

  @Test
  void aJobOfFourSubtasksEqualsTheDefinition() throws Exception {
    List<Event> events = traffic(new Random(7));
    Event late = TestingPatterns.event("late", "late", "view", "late", START);
    events.add(late);

    TestingJob job = TestingJob.run(events, all -> Patterns.apply(all, Settings.of(Map.of())));

    events.remove(late);
    List<String> expected = new ArrayList<>();
    TestingDefinition.users(events).values().forEach(expected::addAll);
    TestingDefinition.categories(events).values().forEach(expected::addAll);
    for (String pattern : List.of("conversion", "abandoned_cart", "indecision", "spike")) {
      long number = expected.stream().filter(value -> value.contains(pattern)).count();
      assertTrue(number > 5, number + " of " + pattern);
    }
    long latest = events.stream().mapToLong(Event::timestamp).max().getAsLong();
    for (String analysis : List.of("windowing-pattern", "windowing-pattern-spike")) {
      expected.add(
          "{\"analysis\":\"%s\",\"late_by_ms\":%d,\"event\":%s}"
              .formatted(analysis, latest - DISORDER - 1 - START, late));
      Map<String, Object> counts = job.counts();
      assertEquals((long) EVENTS, counts.get("accounting." + analysis + ".used"));
      assertEquals(1L, counts.get("accounting." + analysis + ".late"));
      assertEquals(0L, counts.get("accounting." + analysis + ".held"));
    }
    assertEquals(expected.stream().sorted().toList(), job.values());
  }

  /** Out of order within the bound; each category has a minute of great interest now and then. */
  private static List<Event> traffic(Random random) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      long now = START + i * 500L;
      long time = Math.max(START, now - random.nextInt(DISORDER - 1_000));
      int category = random.nextInt(3) == 0 ? (int) (now / 60_000 % 7) : random.nextInt(7);
      events.add(
          TestingPatterns.event(
              "c\u00e4tegory-" + category,
              "\u00fcser-" + random.nextInt(20),
              "p" + random.nextInt(1 + random.nextInt(30)),
              List.of("view", "view", "view", "add_to_cart", "purchase", "remove_from_cart", "wish")
                  .get(random.nextInt(7)),
              "e" + random.nextInt(1_000),
              random.nextInt(10) == 0 ? Math.max(START, time / 1_000 * 1_000) : time));
    }
    return events;
  }
}
