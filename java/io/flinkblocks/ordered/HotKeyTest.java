package io.flinkblocks.ordered;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;

/**
 * One key that holds very many events, which the watermark reaches little by little, and whose
 * state grows with each of them: none may cost something for all the others.
 *
 * <p>The cost is counted in bytes that the thread allocates: on RocksDB those of everything that is
 * read and written are among them, on the heap those of everything that is copied.
 */
class HotKeyTest {
  private static final int EVENTS = 2_000;

  /** From one watermark to the next, in ms; a divisor of half the events. */
  private static final int STEP = 4;

  @Test
  void onHeap() throws Exception {
    assertLinear(new HashMapStateBackend());
  }

  @Test
  void onRocksDb() throws Exception {
    assertLinear(new EmbeddedRocksDBStateBackend());
  }

  /** Twice the events cost about twice as much; four times, if each cost something for all. */
  private static void assertLinear(StateBackend backend) throws Exception {
    cost(80, backend); // What the JVM loads it loads once.
    long once = cost(EVENTS, backend);
    long twice = cost(2 * EVENTS, backend);
    assertTrue(twice < 2.5 * once, "%,d and %,d bytes".formatted(once, twice));
  }

  /** The bytes that so many events cost. */
  private static long cost(int events, StateBackend backend) throws Exception {
    // The latest first; every other event at one and the same millisecond.
    int ties = events / 2;
    Event tie = TestingOrdered.event("hot", "tie", events, "keep");
    List<Event> hot = new ArrayList<>();
    for (int i = 0; i < ties; i++) {
      hot.add(TestingOrdered.event("hot", "e", events - i, "keep"));
      hot.add(tie);
    }
    try (TestingOrdered ordered =
        TestingOrdered.of("order", new Ascending()).backend(backend).open()) {
      long before = allocated();
      for (Event event : hot) {
        ordered.send(event);
      }
      for (int time = events - ties; time < events; time += STEP) {
        ordered.watermark(time);
        assertEquals(time - (events - ties), ordered.count("used"));
      }
      assertEquals(ties + STEP, ordered.count("held"));
      ordered.watermark(events);
      long cost = allocated() - before;
      assertEquals(events, ordered.count("used"));
      assertEquals(0, ordered.count("held"));
      ordered.watermark(Long.MAX_VALUE);
      assertEquals(0, ordered.entries() + ordered.timers());
      return cost;
    }
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  /** Checks that no event is before the last one; all their times are the state. */
  private static final class Ascending implements KeyedLogic<List<Long>> {
    private static final long serialVersionUID = 1;

    @Override
    public List<Long> create() {
      return new ArrayList<>();
    }

    @Override
    public void onEvent(Event event, List<Long> times, Consumer<OutputRecord> out) {
      assertTrue(times.isEmpty() || event.timestamp() >= times.get(times.size() - 1));
      times.add(event.timestamp());
    }

    @Override
    public void onTimer(String key, long time, List<Long> times, Consumer<OutputRecord> out) {
      times.clear();
    }

    @Override
    public long timer(List<Long> times) {
      return times.isEmpty() ? NEVER : times.get(times.size() - 1) + EVENTS;
    }

    @Override
    public TypeSerializer<List<Long>> serializer() {
      return new ListSerializer<>(LongSerializer.INSTANCE);
    }
  }
}
