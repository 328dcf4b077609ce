package io.flinkblocks.pattern;

import static io.flinkblocks.pattern.TestingPatterns.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Event;
import io.flinkblocks.ordered.TestingDisorder;
import io.flinkblocks.ordered.TestingOrdered;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;

/** Patterns and spikes in their operators: disorder, restarts, state backends. */
class PatternOperatorTest {
  private static final long T = 1_700_000_400_000L; // A multiple of ten minutes.
  private static final long END = T + 600_000;

  @Test
  void anyInterleavingGivesTheRecordsOfTheDefinition() throws Exception {
    List<Event> events = events(new Random(11));
    for (long seed = 0; seed < 4; seed++) {
      StateBackend backend =
          seed % 3 == 2 ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend();
      List<Event> shuffled = TestingDisorder.shuffled(events, new Random(seed));
      assertEquals(
          TestingDefinition.users(events),
          TestingDefinition.byKey(
              TestingDisorder.run(() -> TestingPatterns.users().backend(backend), shuffled)));
      assertEquals(
          TestingDefinition.categories(events),
          TestingDefinition.byKey(
              TestingDisorder.run(() -> TestingPatterns.categories().backend(backend), shuffled)));
    }
    assertTrue(number(TestingDefinition.users(events)) > 30);
    assertTrue(number(TestingDefinition.categories(events)) > 5);
  }

  private static int number(Map<String, List<String>> records) {
    return records.values().stream().mapToInt(List::size).sum();
  }

  /** Bursts with many ties, and silence between them; some records come twice. */
  private static List<Event> events(Random random) {
    List<Event> events = new ArrayList<>();
    long time = T;
    for (int i = 0; i < 800; i++) {
      time += random.nextInt(10) == 0 ? random.nextInt(90_000) : random.nextInt(3) * 500;
      events.add(
          event(
              "c" + random.nextInt(3),
              "u" + random.nextInt(4),
              "p" + random.nextInt(4),
              List.of("view", "view", "view", "add_to_cart", "purchase", "remove_from_cart")
                  .get(random.nextInt(6)),
              "e" + random.nextInt(20),
              time));
      if (random.nextInt(20) == 0) {
        events.add(events.get(events.size() - 1));
      }
    }
    return events;
  }

  @Test
  void usersOfVeryManyProductsNeedNotFitIntoMemory() throws Exception {
    List<List<String>> records = new ArrayList<>();
    for (StateBackend backend :
        List.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend())) {
      // So many slots that there is 1 MiB for each of them.
      try (TestingOrdered users =
          TestingPatterns.users().backend(backend).slots(1_000_000).open()) {
        for (int i = 0; i < 3_000; i++) {
          String product = "product-" + "x".repeat(200) + i;
          String id = "event-" + "x".repeat(200) + i;
          users.send(
              event("user-" + i / 500, product, i % 10 == 0 ? "add_to_cart" : "view", id, T + i));
          users.watermark(T + i);
        }
        if (backend instanceof EmbeddedRocksDBStateBackend) {
          long written = users.entries("logic");
          assertTrue(written > 0 && written < 6, written + " written");
        }
        users.watermark(END);
        records.add(users.take().stream().sorted().toList());
      }
    }
    assertEquals(300, records.get(0).size());
    assertEquals(records.get(0), records.get(1));
  }
}
