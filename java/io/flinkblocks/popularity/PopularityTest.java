package io.flinkblocks.popularity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.popularity.TestingVisits.Visit;
import io.flinkblocks.window.TestingJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PopularityTest {
  private static final int VISITS = 5_000;
  private static final long MINUTE = 60_000;
  private static final long START = 1_700_000_040_000L;

  private static final Settings SETTINGS =
      Settings.of(
          Map.of(
              "popularity-window", "300000",
              "popularity-slide", "60000",
              "popularity-top", "10",
              "allowed-lateness", "0"));

  @Test
  void aJobOfFourSubtasksEqualsARankingPerCategoryAndWindow() throws Exception {
    List<Visit> visits = traffic(new Random(7));
    List<Event> events = new ArrayList<>(visits.stream().map(Visit::event).toList());
    Event late = new Visit("books", "p", "late", "view", START - 1).event();
    events.add(late);

    TestingJob job = TestingJob.run(events, stream -> Popularity.apply(stream, SETTINGS));

    List<String> expected = model(visits);
    long latest = visits.stream().mapToLong(Visit::timestamp).max().getAsLong();
    expected.add(
        "{\"analysis\":\"analytics-results\",\"late_by_ms\":%d,\"event\":%s}"
            .formatted(latest - TestingJob.DISORDER - 1 - late.timestamp(), late));
    assertTrue(expected.size() > 400);
    assertEquals(expected.stream().sorted().toList(), job.values());
    assertEquals((long) VISITS, job.counts().get("accounting.analytics-results.used"));
    assertEquals(1L, job.counts().get("accounting.analytics-results.late"));
    assertEquals(0L, job.counts().get("accounting.analytics-results.partial"));
  }

  /** Ten minutes of visits, out of order within the bound, some on the edges of windows. */
  private static List<Visit> traffic(Random random) {
    List<Visit> visits = new ArrayList<>();
    for (int i = 0; i < VISITS; i++) {
      long now = START + TestingJob.DISORDER + i * 120L;
      long toEdge = Math.floorMod(now, MINUTE) + random.nextInt(2);
      long back = random.nextInt(10) == 0 ? toEdge : random.nextInt((int) TestingJob.DISORDER);
      visits.add(
          new Visit(
              List.of("books", "toys", "food", "b\u00fccher", "\"odd\"").get(random.nextInt(5)),
              "p" + (int) Math.pow(40, random.nextDouble()),
              "user-" + random.nextInt(300),
              List.of("view", "view", "add_to_cart", "purchase", "wishlist", "share")
                  .get(random.nextInt(6)),
              now - Math.min(back, TestingJob.DISORDER - 1)));
    }
    return visits;
  }

  private static List<String> model(List<Visit> visits) {
    Map<String, Map<Long, List<Visit>>> windows = new TreeMap<>();
    for (Visit visit : visits) {
      long last = visit.timestamp() / MINUTE * MINUTE;
      for (long start = last - 4 * MINUTE; start <= last; start += MINUTE) {
        windows
            .computeIfAbsent(visit.category(), category -> new TreeMap<>())
            .computeIfAbsent(start, window -> new ArrayList<>())
            .add(visit);
      }
    }
    List<String> records = new ArrayList<>();
    windows.forEach(
        (category, byStart) ->
            byStart.forEach(
                (start, part) ->
                    records.addAll(TestingVisits.ranking(start, start + 5 * MINUTE, 10, part))));
    return records;
  }
}
