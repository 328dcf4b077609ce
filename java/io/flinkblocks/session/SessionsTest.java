package io.flinkblocks.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.window.TestingJob;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private static final int EVENTS = 5_000;
  private static final long DISORDER = TestingJob.DISORDER;
  private static final long TIMEOUT = 30_000;
  private static final long START = 1_700_000_040_000L;

  @Test
  void aJobOfFourSubtasksEqualsTheSessionsOfTheSortedEvents() throws Exception {
    List<Event> events = traffic(new Random(7));
    Event late = late();
    events.add(late);

    Settings settings =
        Settings.of(Map.of("allowed-lateness", "0", "session-timeout", Long.toString(TIMEOUT)));
    TestingJob job = TestingJob.run(events, all -> Sessions.apply(all, settings));

    events.remove(late);
    List<String> expected = new ArrayList<>(TestingVisits.sessions(events, TIMEOUT));
    assertTrue(
        expected.size() > 100 && expected.size() < EVENTS / 2, expected.size() + " sessions");
    expected.add(lateRecord("user-sessions", late, events));
    assertEquals(expected.stream().sorted().toList(), job.values());

    Map<String, Object> counts = job.counts();
    assertEquals((long) EVENTS, counts.get("accounting.user-sessions.used"));
    assertEquals(1L, counts.get("accounting.user-sessions.late"));
  }

  @Test
  void windowingSessionsAreTheSameWithRevisionsAndEarlyRecords() throws Exception {
    List<Event> events = traffic(new Random(8));
    Event late = late();
    events.add(late);

    Settings settings =
        Settings.of(
            Map.of(
                "allowed-lateness", "0",
                "session-timeout", Long.toString(TIMEOUT),
                "early-firing", "7000"));
    TestingJob job = TestingJob.run(events, all -> SessionWindows.apply(all, settings));

    events.remove(late);
    List<String> expected = new ArrayList<>();
    for (String record : TestingVisits.sessions(events, TIMEOUT)) {
      expected.add(record.substring(0, record.length() - 1) + ",\"revision\":0}");
    }
    expected.add(lateRecord("windowing-session", late, events));
    List<String> early = job.values().stream().filter(v -> v.endsWith(",\"early\":true}")).toList();
    assertTrue(early.size() > expected.size(), early.size() + " early records");
    assertEquals(
        expected.stream().sorted().toList(),
        job.values().stream()
            .filter(v -> !v.endsWith(",\"early\":true}") && !v.endsWith(",\"retracted\":true}"))
            .toList());
    assertEquals((long) EVENTS, job.counts().get("accounting.windowing-session.used"));
  }

  private static Event late() {
    return TestingVisits.event("late", "user-1", "p", "view", BigDecimal.TEN, 1, 1_000);
  }

  private static String lateRecord(String analysis, Event late, List<Event> others) {
    return "{\"analysis\":\"%s\",\"late_by_ms\":%d,\"event\":%s}"
        .formatted(analysis, latestTimestamp(others) - DISORDER - 1 - 1_000, late);
  }

  /** Ten minutes of events, out of order within the bound, some of them a timeout apart. */
  private static List<Event> traffic(Random random) {
    List<String> actions =
        List.of("view", "view", "add_to_cart", "purchase", "share", "Purchase", "\"odd\"");
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      long now = START + i * 120L;
      // Multiples of the timeout, when they are near enough.
      long toGrid = Math.floorMod(now, TIMEOUT);
      long back = toGrid < DISORDER ? toGrid : random.nextInt((int) DISORDER);
      events.add(
          TestingVisits.event(
              "e" + i,
              "user-" + random.nextInt(300),
              "product-" + random.nextInt(20),
              actions.get(random.nextInt(actions.size())),
              BigDecimal.valueOf(random.nextInt(200_000_000), 6),
              1 + random.nextInt(4),
              now - back));
    }
    return events;
  }

  private static long latestTimestamp(List<Event> events) {
    return events.stream().mapToLong(Event::timestamp).max().getAsLong();
  }
}
