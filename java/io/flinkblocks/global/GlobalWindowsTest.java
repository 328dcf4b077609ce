package io.flinkblocks.global;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Event;
import io.flinkblocks.window.TestingJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GlobalWindowsTest {
  private static final int EVENTS = 5_000;
  private static final int DISORDER = (int) TestingJob.DISORDER;
  private static final long START = 1_700_000_040_000L;

  @Test
  void aJobOfFourSubtasksEqualsTheDefinition() throws Exception {
    List<Event> events = traffic(new Random(7));
    Event late = TestingGlobal.event("late", "late", START, "1");
    events.add(late);

    TestingJob job =
        TestingJob.run(events, all -> GlobalWindows.apply(all, TestingGlobal.settings(20)));

    events.remove(late);
    List<String> expected = new ArrayList<>();
    TestingGlobal.model(events, 20).values().forEach(expected::addAll);
    for (String firedBy : List.of("count", "timeout")) {
      long number = expected.stream().filter(value -> value.contains(firedBy + "\",\"")).count();
      assertTrue(number > 50, number + " by " + firedBy);
    }
    long latest = events.stream().mapToLong(Event::timestamp).max().getAsLong();
    expected.add(
        "{\"analysis\":\"windowing-global\",\"late_by_ms\":%d,\"event\":%s}"
            .formatted(latest - DISORDER - 1 - START, late));
    assertEquals(expected.stream().sorted().toList(), job.values());

    Map<String, Object> counts = job.counts();
    assertEquals((long) EVENTS, counts.get("accounting.windowing-global.used"));
    assertEquals(1L, counts.get("accounting.windowing-global.late"));
    assertEquals(0L, counts.get("accounting.windowing-global.held"));
  }

  /** Out of order within the bound; some products are in demand, others hardly. */
  private static List<Event> traffic(Random random) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      long now = START + i * 600L;
      long time = Math.max(START, now - random.nextInt(DISORDER - 1_000));
      int product = random.nextInt(1 + random.nextInt(60));
      events.add(
          TestingGlobal.event(
              "pr\u00fcduct-" + product,
              "e" + random.nextInt(100),
              random.nextInt(10) == 0 ? Math.max(START, time / 1_000 * 1_000) : time,
              List.of("0.99", "1", "25", "12.123456", "99.9").get(random.nextInt(5))));
    }
    return events;
  }
}
