package io.flinkblocks.ordered;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;

/** States that are kept in memory and written later: what RocksDB holds when it matters. */
class OrderedOperatorRocksDbTest {
  @Test
  void aBusyKeyIsWrittenForACheckpointAndNotForEachEvent() throws Exception {
    OperatorSubtaskState checkpoint;
    try (TestingOrdered ordered = journal().open()) {
      for (int time = 100; time < 200; time++) {
        ordered.send("u", "e", time);
        ordered.watermark(time);
      }
      assertEquals(0, ordered.entries());
      checkpoint = ordered.snapshot();
      assertEquals(1, ordered.entries());
      ordered.send("u", "lost with the failure", 200);
      ordered.watermark(200);
      assertEquals("u lost with the failure #101", ordered.take().get(100));
    }
    try (TestingOrdered ordered = journal().restore(1, checkpoint).open()) {
      ordered.send("u", "next", 250);
      ordered.watermark(Long.MAX_VALUE);
      assertEquals(List.of("u next #101", "u @1250 #101"), ordered.take());
      assertEquals(0, ordered.entries() + ordered.timers());
    }
  }

  @Test
  void stateThatIsOverIsGoneFromMemoryAndRocksDb() throws Exception {
    try (TestingOrdered ordered = journal().open()) {
      ordered.send("stored", "a", 100);
      ordered.watermark(100);
      ordered.snapshot();
      ordered.send("new", "b", 110);
      ordered.send("stored", "c", 120, "forget");
      ordered.send("new", "d", 120, "forget");
      ordered.watermark(120);
      ordered.snapshot();
      assertEquals(0, ordered.entries() + ordered.timers());
      ordered.take();
      ordered.send("stored", "e", 130);
      ordered.watermark(130);
      assertEquals(List.of("stored e #1"), ordered.take());
    }
  }

  @Test
  void statesWithoutRoomInMemoryAreWrittenAndReadAgain() throws Exception {
    // The TaskManager's slots share the heap, so there is 1 MiB at 314 bytes each.
    int room = (1 << 20) / 314;
    List<String> users = IntStream.range(0, room + 100).mapToObj(i -> "u" + i).toList();
    try (TestingOrdered ordered = journal().slots(1_000_000).open()) {
      for (int round = 1; round <= 3; round++) {
        for (String user : users) {
          ordered.send(user, "e", 100 * round);
        }
        ordered.watermark(100 * round);
        List<String> emitted = ordered.take();
        assertEquals(users.size(), emitted.size());
        for (String line : emitted) {
          assertTrue(line.endsWith(" e #" + round), line);
        }
        if (round == 1) {
          assertEquals(100, ordered.entries());
        }
      }
      ordered.watermark(Long.MAX_VALUE);
      assertEquals(0, ordered.entries() + ordered.timers());
    }
  }

  private static TestingOrdered.Builder<TestingOrdered> journal() {
    return TestingOrdered.journal().backend(new EmbeddedRocksDBStateBackend());
  }
}
