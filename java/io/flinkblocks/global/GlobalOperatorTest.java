package io.flinkblocks.global;

import static io.flinkblocks.global.TestingGlobal.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Event;
import io.flinkblocks.ordered.TestingDisorder;
import io.flinkblocks.ordered.TestingOrdered;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

/** The window in its operator: what is late, held, kept, forgotten, restored. */
class GlobalOperatorTest {
  private static final long T = 1_700_000_000_000L;

  @Test
  void silentProductsLeaveNothingBehind() throws Exception {
    try (TestingOrdered window = TestingGlobal.operator(2).open()) {
      for (int i = 0; i < 100; i++) {
        window.send(event("product " + i, "a", T, "1"));
        window.send(event("product " + i, "b", T + 3, "1"));
      }
      window.send(event("waits", "a", T + 4, "1"));
      window.watermark(T + 4);
      assertEquals(100, window.take().size());
      assertEquals(101, window.entries());
      assertEquals(101, window.timers());

      window.watermark(T + 600_002);
      assertEquals(1, window.take().size()); // The timeout.
      assertEquals(101, window.entries());
      window.watermark(T + 600_003);
      assertEquals(1, window.entries());
      window.watermark(T + 600_004);
      assertEquals(0, window.entries() + window.timers());
      assertEquals(List.of(), window.take());
    }
  }

  @Test
  void aProductIsForgottenBeforeAnEventOfThatTime() throws Exception {
    for (long after : new long[] {599_999, 600_000}) {
      try (TestingOrdered window = TestingGlobal.operator(1).open()) {
        window.send(event("p", "a", T, "1"));
        window.send(event("p", "b", T + after, "1"));
        window.watermark(T + after);
        int kept = after < 600_000 ? 2 : 1;
        assertTrue(window.take().get(1).contains("\"count\":" + kept + ","));
      }
    }
  }

  @Test
  void whatTheWatermarkHasReachedIsLate() throws Exception {
    try (TestingOrdered window = TestingGlobal.operator(2).open()) {
      window.send(event("p", "a", T + 10, "1"));
      window.watermark(T + 9);
      assertEquals(1, window.count("held"));
      window.watermark(T + 10);
      Event late = event("p", "b", T + 10, "1");
      window.send(late);
      assertEquals(
          List.of("{\"analysis\":\"windowing-global\",\"late_by_ms\":0,\"event\":" + late + "}"),
          window.take());
      window.watermark(Long.MAX_VALUE);
      assertEquals(
          List.of(1L, 1L, 0L),
          List.of(window.count("used"), window.count("late"), window.count("held")));
    }
  }

  @Test
  void atTheEndOfTheInputPendingTimeoutsFire() throws Exception {
    try (TestingOrdered window = TestingGlobal.operator(2).open()) {
      window.send(event("p", "a", T, "1"));
      window.send(event("p", "b", T + 200_000, "2"));
      window.send(event("p", "c", T + 400_000, "6"));
      window.watermark(Long.MAX_VALUE);
      List<StreamRecord<OutputRecord>> records = window.takeRecords();
      assertEquals(2, records.size());
      assertEquals(T + 200_000, records.get(0).getTimestamp());
      assertEquals(T + 700_000, records.get(1).getTimestamp());
      assertEquals(
          OutputRecord.of(
              "windowing-global",
              "p".getBytes(StandardCharsets.UTF_8),
              ("{\"product_id\":\"p\",\"fired_by\":\"timeout\",\"from\":1700000000000,"
                      + "\"to\":1700000400000,\"count\":3,\"avg_price\":3.00,\"min_price\":1.00,"
                      + "\"max_price\":6.00}")
                  .getBytes(StandardCharsets.UTF_8)),
          records.get(1).getValue());
      assertEquals(0, window.entries() + window.timers());
    }
  }

  @Test
  void aSmallerCountAfterARestartFiresAtTheNextEvent() throws Exception {
    OperatorSubtaskState state;
    try (TestingOrdered window = TestingGlobal.operator(10).open()) {
      for (int i = 0; i < 5; i++) {
        window.send(event("p", "e" + i, T, "1"));
      }
      window.watermark(T);
      state = window.snapshot();
    }
    try (TestingOrdered window = TestingGlobal.operator(3).restore(1, state).open()) {
      window.send(event("p", "f", T + 1, "1"));
      window.send(event("p", "g", T + 2, "1"));
      window.watermark(T + 2);
      List<String> fired = window.take();
      assertEquals(1, fired.size());
      assertTrue(fired.get(0).contains("\"count\":6,"), fired.get(0));
    }
  }

  @Test
  void busyProductsNeedNotFitIntoMemory() throws Exception {
    List<List<String>> records = new ArrayList<>();
    for (StateBackend backend :
        List.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend())) {
      // So many slots that there is 1 MiB for each of them.
      try (TestingOrdered window =
          TestingGlobal.operator(700).backend(backend).slots(1_000_000).open()) {
        // Of 260 events each takes 8 KiB: 140 products do not fit. They come one after the other,
        // and then once more.
        for (int i = 0; i < 280; i++) {
          for (int n = 0; n < (i < 140 ? 260 : 2); n++) {
            window.send(event("p" + i % 140, "e", T + i, "" + n));
          }
          window.watermark(T + i);
          if (i == 139 && backend instanceof EmbeddedRocksDBStateBackend) {
            assertTrue(window.entries() > 10, window.entries() + " written");
          }
        }
        window.watermark(Long.MAX_VALUE);
        records.add(window.take().stream().sorted().toList());
      }
    }
    assertEquals(140, records.get(0).size());
    assertTrue(records.get(0).get(0).contains("\"count\":262,"), records.get(0).get(0));
    assertEquals(records.get(0), records.get(1));
  }

  @Test
  void anyInterleavingGivesTheRecordsOfTheDefinition() throws Exception {
    List<Event> events = events(new Random(11));
    for (long seed = 0; seed < 4; seed++) {
      StateBackend backend =
          seed % 3 == 2 ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend();
      List<String> records =
          TestingDisorder.run(
              () -> TestingGlobal.operator(4).backend(backend),
              TestingDisorder.shuffled(events, new Random(seed)));
      assertEquals(TestingGlobal.model(events, 4), TestingGlobal.byProduct(records));
    }
  }

  /** Bursts with many ties, and silence between them; some records come twice. */
  private static List<Event> events(Random random) {
    List<Event> events = new ArrayList<>();
    long time = T;
    for (int i = 0; i < 600; i++) {
      time += random.nextInt(20) == 0 ? random.nextInt(400_000) : random.nextInt(3) * 500;
      events.add(
          event("p" + random.nextInt(5), "e" + random.nextInt(20), time, "" + random.nextInt(99)));
      if (random.nextInt(20) == 0) {
        events.add(events.get(events.size() - 1));
      }
    }
    return events;
  }
}
