package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;

class CacheBudgetTest {
  private static final long MIB = 1L << 20;

  @Test
  void isAShareOfTheHeapBySlotWithinBounds() {
    assertEquals(10 * MIB, CacheBudget.bytes(640 * MIB, 4));
    assertEquals(5 * MIB / 2, CacheBudget.bytes(640 * MIB, 16));
    assertEquals(MIB, CacheBudget.bytes(640 * MIB, 128));
    assertEquals(32 * MIB, CacheBudget.bytes(640 * MIB, 1));
    assertEquals(32 * MIB, CacheBudget.bytes(Long.MAX_VALUE, 1));
  }

  @Test
  void windowsOnRocksDbKeepToTheBudgetOfTheirTaskManager() throws Exception {
    // Accumulators so large that there is room for a few; an entry takes 250 bytes beside.
    long entry = MIB / 4;
    for (int slots : new int[] {1, 1_000_000}) {
      long budget = CacheBudget.bytes(Runtime.getRuntime().maxMemory(), slots);
      int keys = (int) (budget / entry) + 10;
      var operator = new PaneOperator<>("ids", new TestingIds(entry - 250), 100, 100, 0);
      try (TestingWindows windows =
          TestingWindows.of("ids", operator)
              .backend(new EmbeddedRocksDBStateBackend())
              .slots(slots)
              .open()) {
        for (int key : IntStream.range(0, keys).toArray()) {
          windows.send("key-" + key, "a", 150);
        }
        assertEquals(10, windows.panes()); // What had no room was written.
      }
    }
  }
}
