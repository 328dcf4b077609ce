package io.flinkblocks.popularity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.popularity.TestingVisits.Visit;
import io.flinkblocks.window.TestingWindows;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;

/** The analysis as its window operator runs it: windows of 300 ms every 100 ms, the best two. */
class PopularityWindowsTest {
  @Test
  void aProductIsRankedInEveryWindowThatItsVisitsAreIn() throws Exception {
    try (TestingWindows windows = open(0, new HashMapStateBackend(), null)) {
      send(windows, "books", "p1", "u1", "view", 150);
      send(windows, "books", "p1", "u1", "view", 250);
      send(windows, "books", "p2", "u2", "add_to_cart", 250);
      send(windows, "toys", "p1", "u1", "purchase", 260);
      windows.watermark(198);
      assertEquals(List.of(), windows.take());

      windows.watermark(299);
      assertEquals(
          List.of(
              row("books", -100, 1, "p1", 1, 1, 0, 0, 1),
              row("books", 0, 1, "p2", 3, 0, 1, 0, 1),
              row("books", 0, 2, "p1", 2, 2, 0, 0, 1),
              row("toys", 0, 1, "p1", 5, 0, 0, 1, 1)),
          sorted(windows));
      windows.watermark(Long.MAX_VALUE);
      assertEquals(
          List.of(
              row("books", 100, 1, "p2", 3, 0, 1, 0, 1),
              row("books", 100, 2, "p1", 2, 2, 0, 0, 1),
              row("books", 200, 1, "p2", 3, 0, 1, 0, 1),
              row("books", 200, 2, "p1", 1, 1, 0, 0, 1),
              row("toys", 100, 1, "p1", 5, 0, 0, 1, 1),
              row("toys", 200, 1, "p1", 5, 0, 0, 1, 1)),
          sorted(windows));
      assertCounts(windows, 4, 0, 0);
      assertEmpty(windows);
    }
  }

  @Test
  void usersAreCountedOncePerWindowOverItsPanes() throws Exception {
    try (TestingWindows windows = open(0, new HashMapStateBackend(), null)) {
      send(windows, "c", "p", "u1", "view", 110);
      send(windows, "c", "p", "u1", "wishlist", 210);
      send(windows, "c", "p", "u2", "remove_from_cart", 310);
      windows.watermark(399);
      assertEquals(
          List.of(
              row("c", -100, 1, "p", 1, 1, 0, 0, 1),
              row("c", 0, 1, "p", 1, 1, 0, 0, 1),
              row("c", 100, 1, "p", 1, 1, 0, 0, 2)),
          windows.take());

      // What is left has users, but no score.
      windows.watermark(Long.MAX_VALUE);
      assertEquals(List.of(), windows.take());
      assertCounts(windows, 3, 0, 0);
      assertEmpty(windows);
    }
  }

  @Test
  void anEventIsLateWhenAllItsWindowsWereEmitted() throws Exception {
    try (TestingWindows windows = open(0, new HashMapStateBackend(), null)) {
      send(windows, "c", "p", "u1", "view", 150);
      windows.watermark(299);
      windows.take();

      send(windows, "c", "q", "u2", "view", 160); // [-100, 200) and [0, 300) are out.
      Event late = new Visit("c", "q", "u2", "view", 99).event();
      windows.send(late);
      assertEquals(
          List.of("{\"analysis\":\"analytics-results\",\"late_by_ms\":200,\"event\":" + late + "}"),
          windows.take());
      assertCounts(windows, 2, 1, 1);

      windows.watermark(Long.MAX_VALUE);
      assertEquals(
          List.of(row("c", 100, 1, "p", 1, 1, 0, 0, 1), row("c", 100, 2, "q", 1, 1, 0, 0, 1)),
          windows.take());
      assertEmpty(windows);
    }
  }

  @Test
  void aCorrectionEmitsTheWholeRankingAgain() throws Exception {
    try (TestingWindows windows = open(100, new HashMapStateBackend(), null)) {
      send(windows, "c", "p", "u1", "view", 150);
      windows.watermark(199);
      assertEquals(List.of(row("c", -100, 1, "p", 1, 1, 0, 0, 1)), windows.take());

      // It overtakes: both ranks are replaced.
      send(windows, "c", "q", "u2", "add_to_cart", 110);
      assertEquals(
          List.of(row("c", -100, 1, "q", 3, 0, 1, 0, 1), row("c", -100, 2, "p", 1, 1, 0, 0, 1)),
          windows.take());
      // It pushes the last one out: there are as many ranks as before.
      send(windows, "c", "r", "u3", "purchase", 10);
      assertEquals(
          List.of(row("c", -100, 1, "r", 5, 0, 0, 1, 1), row("c", -100, 2, "q", 3, 0, 1, 0, 1)),
          windows.take());
      // No score, but a user more.
      send(windows, "c", "r", "u4", "wishlist", 20);
      assertEquals(
          List.of(row("c", -100, 1, "r", 5, 0, 0, 1, 2), row("c", -100, 2, "q", 3, 0, 1, 0, 1)),
          windows.take());
      assertCounts(windows, 4, 0, 2); // The last two: [-200, 100) had closed.
      windows.watermark(Long.MAX_VALUE);
      assertEquals(4, windows.take().size());
      assertEmpty(windows);
    }
  }

  @Test
  void idleCategoriesLeaveNothing() throws Exception {
    for (long lateness : new long[] {0, 150}) {
      try (TestingWindows windows = open(lateness, new HashMapStateBackend(), null)) {
        for (int i = 0; i < 40; i++) {
          send(windows, "idle-" + i, "p" + i, "u", "view", 1000 + 5 * i);
        }
        send(windows, "busy", "p", "u", "view", 5000);
        windows.watermark(1499 + lateness);
        assertEquals(1, windows.panes());
        assertEquals(1, windows.timers());
      }
    }
  }

  @Test
  void rankingsGoOnAfterARestoreOnEitherBackend() throws Exception {
    for (StateBackend backend :
        List.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend())) {
      List<Visit> visits = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        visits.add(new Visit("c", "p" + i % 7, "u" + i % 31, "view", 100 + i / 4));
      }
      OperatorSubtaskState checkpoint;
      try (TestingWindows windows = open(0, backend, null)) {
        for (Visit visit : visits.subList(0, 150)) {
          windows.send(visit.event());
        }
        checkpoint = windows.snapshot();
        send(windows, "c", "lost", "u", "purchase", 170); // The failure takes it along.
      }
      try (TestingWindows windows = open(0, backend, checkpoint)) {
        for (Visit visit : visits.subList(150, 400)) {
          windows.send(visit.event());
        }
        windows.watermark(199);
        assertEquals(TestingVisits.ranking(-100, 200, 2, visits), windows.take());
      }
    }
  }

  private static TestingWindows open(
      long lateness, StateBackend backend, OperatorSubtaskState checkpoint) throws Exception {
    Settings settings =
        Settings.of(
            Map.of(
                "popularity-window", "300",
                "popularity-slide", "100",
                "popularity-top", "2",
                "allowed-lateness", "" + lateness));
    var builder =
        TestingWindows.of(Popularity.OUTPUT, Popularity.windows(settings)).backend(backend);
    return (checkpoint == null ? builder : builder.restore(1, checkpoint)).open();
  }

  private static void send(
      TestingWindows windows,
      String category,
      String product,
      String user,
      String action,
      long timestamp)
      throws Exception {
    windows.send(new Visit(category, product, user, action, timestamp).event());
  }

  /** A record of a window of 300 ms. */
  private static String row(
      String category,
      long start,
      int rank,
      String product,
      int score,
      int views,
      int carts,
      int purchases,
      int users) {
    return ("{\"type\":\"product_popularity\",\"category\":\"%s\",\"window_start\":%d,"
            + "\"window_end\":%d,\"rank\":%d,\"product_id\":\"%s\",\"score\":%d,\"views\":%d,"
            + "\"add_to_carts\":%d,\"purchases\":%d,\"unique_users\":%d}")
        .formatted(
            category, start, start + 300, rank, product, score, views, carts, purchases, users);
  }

  /** What was emitted, by category, otherwise as it came. */
  private static List<String> sorted(TestingWindows windows) throws Exception {
    return windows.takeRecords().stream()
        .sorted(Comparator.comparing(r -> new String(r.getValue().key(), StandardCharsets.UTF_8)))
        .map(r -> new String(r.getValue().value(), StandardCharsets.UTF_8))
        .toList();
  }

  private static void assertCounts(TestingWindows windows, long used, long late, long partial) {
    assertEquals(
        List.of(used, late, partial),
        List.of(windows.count("used"), windows.count("late"), windows.count("partial")));
  }

  private static void assertEmpty(TestingWindows windows) {
    assertEquals(0, windows.panes());
    assertEquals(0, windows.timers());
  }
}
