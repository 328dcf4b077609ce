package io.flinkblocks.ordered;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongValueSerializer;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.types.LongValue;
import org.junit.jupiter.api.Test;

/**
 * One key that holds very many events, which the watermark reaches little by little. When each cost
 * something for all the others that are held, this would take hours.
 */
class HotKeyTest {
  private static final int EVENTS = 100_000;
  private static final int STEP = 100;
  private static final int TIES = EVENTS / 2;

  @Test
  void onHeap() throws Exception {
    holdsMany(new HashMapStateBackend());
  }

  @Test
  void onRocksDb() throws Exception {
    holdsMany(new EmbeddedRocksDBStateBackend());
  }

  private static void holdsMany(StateBackend backend) throws Exception {
    try (TestingOrdered ordered =
        TestingOrdered.of("order", new Ascending()).backend(backend).open()) {
      // The latest first; every other event at one and the same millisecond.
      Event tie = TestingOrdered.event("hot", "tie", EVENTS, "keep");
      for (int i = 0; i < TIES; i++) {
        ordered.send(TestingOrdered.event("hot", "e", EVENTS - i, "keep"));
        ordered.send(tie);
      }
      assertEquals(EVENTS, ordered.count("held"));
      for (int time = EVENTS - TIES; time < EVENTS; time += STEP) {
        ordered.watermark(time);
        assertEquals(time - (EVENTS - TIES), ordered.count("used"));
      }
      ordered.watermark(Long.MAX_VALUE);
      assertEquals(EVENTS, ordered.count("used"));
      assertEquals(0, ordered.count("held"));
      assertEquals(0, ordered.entries() + ordered.timers());
    }
  }

  /** Checks that no event is before the last one, whose time is the state. */
  private static final class Ascending implements KeyedLogic<LongValue> {
    private static final long serialVersionUID = 1;

    @Override
    public LongValue create() {
      return new LongValue();
    }

    @Override
    public void onEvent(Event event, LongValue last, Consumer<OutputRecord> out) {
      assertTrue(event.timestamp() >= last.getValue());
      last.setValue(event.timestamp());
    }

    @Override
    public void onTimer(String key, long time, LongValue last, Consumer<OutputRecord> out) {
      last.setValue(0);
    }

    @Override
    public long timer(LongValue last) {
      return last.getValue() == 0 ? NEVER : last.getValue() + EVENTS;
    }

    @Override
    public TypeSerializer<LongValue> serializer() {
      return LongValueSerializer.INSTANCE;
    }
  }
}
