package io.flinkblocks.ordered;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

class OrderedOperatorTest {
  @Test
  void eventsAreHandedOverWhenTheWatermarkReachesThem() throws Exception {
    try (TestingOrdered ordered = TestingOrdered.journal().open()) {
      ordered.send("u", "b", 200);
      ordered.send("u", "a", 100);
      ordered.send("u", "c", 300);
      ordered.watermark(99);
      assertEquals(List.of(), ordered.take());
      ordered.watermark(100);
      assertEquals(List.of("u a #1"), ordered.take());
      ordered.send("u", "between", 199); // Behind an event that came before it, in time.
      ordered.watermark(250);
      assertEquals(List.of("u between #2", "u b #3"), ordered.take());
      ordered.watermark(300);
      assertEquals(List.of("u c #4"), ordered.take());
    }
  }

  @Test
  void tiesAreOrderedByIdAndThenByTheirBytes() throws Exception {
    try (TestingOrdered ordered = TestingOrdered.of("seen", new TellAll()).open()) {
      // U+10000 is above U+E000 as bytes, but not as chars.
      Event last = TestingOrdered.event("u", "\ud800\udc00", 100, "keep");
      Event fourth = TestingOrdered.event("u", "\ue000", 100, "keep");
      Event third = TestingOrdered.event("u", "b", 100, "keep", "1.50");
      Event second = TestingOrdered.event("u", "b", 100, "keep", "1.5");
      Event first = TestingOrdered.event("u", "aa", 100, "keep");
      for (Event event : List.of(last, third, fourth, second, first, third)) {
        ordered.send(event);
      }
      ordered.watermark(100);
      // "1.50,": the comma is below the zero. The same record twice is two events.
      assertEquals(
          List.of(first, second, third, third, fourth, last).stream().map(Event::toString).toList(),
          ordered.take());
    }
  }

  @Test
  void eventAtTheWatermarkIsLate() throws Exception {
    try (TestingOrdered ordered = TestingOrdered.journal().open()) {
      ordered.watermark(100);
      Event late = TestingOrdered.event("u", "a", 100, "keep");
      ordered.send(late);
      StreamRecord<OutputRecord> record = ordered.takeRecords().get(0);
      assertEquals(OutputRecord.LATE_EVENTS, record.getValue().output());
      assertEquals(
          "{\"analysis\":\"journal\",\"late_by_ms\":0,\"event\":" + late + "}",
          new String(record.getValue().value(), StandardCharsets.UTF_8));
      assertEquals(100, record.getTimestamp());

      ordered.send("u", "b", 101); // Also of a key that has had a late one.
      ordered.send("u", "c", 40);
      assertEquals(1, ordered.take().size());
      assertCounts(ordered, 0, 2, 1);
      ordered.watermark(101);
      assertEquals(List.of("u b #1"), ordered.take());
      assertCounts(ordered, 1, 2, 0);
    }
  }

  @Test
  void heldEventsAreCountedUntilTheyAreHandedOver() throws Exception {
    try (TestingOrdered ordered = TestingOrdered.journal().open()) {
      ordered.send("u", "a", 100);
      ordered.send("u", "b", 100);
      ordered.send("v", "c", 100);
      ordered.send("v", "d", 200);
      assertCounts(ordered, 0, 0, 4);
      ordered.watermark(100);
      assertCounts(ordered, 3, 0, 1);
      ordered.watermark(Long.MAX_VALUE);
      assertCounts(ordered, 4, 0, 0);
    }
  }

  @Test
  void recordsHaveTheTimeOfTheEventOrTimer() throws Exception {
    try (TestingOrdered ordered = TestingOrdered.journal().open()) {
      ordered.send("u", "a", 100, "wait 5");
      ordered.send("u", "b", 200, "wait 5");
      ordered.watermark(1000);
      assertEquals(
          List.of(100L, 105L, 200L, 205L),
          ordered.takeRecords().stream().map(StreamRecord::getTimestamp).toList());
    }
  }

  @Test
  void timerComesBeforeTheEventsOfItsMillisecond() throws Exception {
    // In one step of the watermark, and in many; with the timer set before and after the events
    // came.
    for (long step : new long[] {1, 7, 50, 1000}) {
      try (TestingOrdered ordered = TestingOrdered.journal().open()) {
        ordered.send("u", "first", 100, "wait 50");
        ordered.watermark(100);
        ordered.send("u", "at", 150, "wait 50");
        ordered.send("u", "before", 149, "keep");
        ordered.send("u", "at too", 150, "keep");
        ordered.send("u", "after", 200, "forget");
        for (long time = 100; time < 300; time += step) {
          ordered.watermark(time + step);
        }
        assertEquals(
            List.of(
                "u first #1",
                "u before #2",
                "u @150 #2",
                "u at #1",
                "u at too #2",
                "u @200 #2",
                "u after #1"),
            ordered.take());
        assertEmpty(ordered);
      }
    }
  }

  @Test
  void timerThatIsAlreadyOverComesNext() throws Exception {
    try (TestingOrdered ordered = TestingOrdered.journal().open()) {
      ordered.send("u", "a", 100, "wait 0");
      ordered.send("u", "b", 100, "wait -30");
      ordered.send("u", "c", 100, "wait 20 then 2");
      ordered.watermark(125);
      assertEquals(
          List.of("u a #1", "u @100 #1", "u b #1", "u @70 #1", "u c #1", "u @120 #1"),
          ordered.take());
      ordered.watermark(134);
      assertEquals(List.of("u @127 #1", "u @134 #1"), ordered.take());
      assertEmpty(ordered);
    }
  }

  @Test
  void timerIsMovedBothWays() throws Exception {
    try (TestingOrdered ordered = TestingOrdered.journal().open()) {
      ordered.send("u", "a", 100, "wait 100");
      ordered.send("u", "b", 110, "wait 10");
      ordered.send("u", "c", 115, "wait 500");
      ordered.watermark(110);
      assertEquals(1, ordered.timers() - 1); // The event's and the logic's.
      ordered.watermark(300);
      assertEquals(List.of("u a #1", "u b #2", "u c #3"), ordered.take());
      assertEquals(1, ordered.timers());
      ordered.watermark(614);
      assertEquals(List.of(), ordered.take());
      ordered.watermark(615);
      assertEquals(List.of("u @615 #3"), ordered.take());
      assertEmpty(ordered);
    }
  }

  @Test
  void anExpiryThatEveryEventPutsOffIsOneTimer() throws Exception {
    try (TestingOrdered ordered = TestingOrdered.journal().open()) {
      for (int time = 100; time < 5000; time += 100) {
        ordered.send("u", "e" + time, time);
        ordered.watermark(time);
        assertEquals(1, ordered.timers());
      }
    }
  }

  @Test
  void atTheEndOfTheInputEveryTimerFires() throws Exception {
    try (TestingOrdered ordered = TestingOrdered.journal().open()) {
      ordered.send("u", "a", 100, "wait 1000000000000 then 1");
      ordered.send("v", "b", 100, "forget");
      ordered.watermark(Long.MAX_VALUE);
      assertEquals(
          List.of("u @1000000000100 #1", "u @1000000000107 #1", "u a #1", "v b #1"),
          ordered.take().stream().sorted().toList());
      assertEmpty(ordered);
    }
  }

  @Test
  void aKeyThatFellSilentLeavesNothing() throws Exception {
    try (TestingOrdered ordered = TestingOrdered.journal().open()) {
      for (int i = 0; i < 50; i++) {
        ordered.send("silent " + i, "a", 1000 + i);
        ordered.send("silent " + i, "b", 1000 + i);
        ordered.send("never kept " + i, "a", 1000 + i, "forget");
      }
      ordered.send("active", "a", 1500);
      assertEquals(101, ordered.entries());
      ordered.watermark(1500);
      assertEquals(51, ordered.entries());
      assertEquals(51, ordered.timers());
      ordered.watermark(2049);
      assertEquals(1, ordered.entries());
      assertEquals(1, ordered.timers());
      ordered.watermark(2500);
      assertEmpty(ordered);
    }
  }

  @Test
  void logicThatAsksForTheSameTimeAgainIsAMistake() throws Exception {
    try (TestingOrdered ordered = TestingOrdered.of("seen", new Stubborn()).open()) {
      ordered.send("u", "a", 100);
      assertThrows(Exception.class, () -> ordered.watermark(Long.MAX_VALUE));
    }
  }

  /** Emits each event as it is, and keeps nothing. */
  private static class TellAll implements KeyedLogic<Long> {
    private static final long serialVersionUID = 1;

    @Override
    public Long create() {
      return 0L;
    }

    @Override
    public void onEvent(Event event, Long state, Consumer<OutputRecord> out) {
      out.accept(OutputRecord.of("seen", null, event.raw()));
    }

    @Override
    public void onTimer(String key, long time, Long state, Consumer<OutputRecord> out) {
      // Its state says nothing.
    }

    @Override
    public long timer(Long state) {
      return NEVER;
    }

    @Override
    public TypeSerializer<Long> serializer() {
      return LongSerializer.INSTANCE;
    }
  }

  /** Does not see that its time has come. */
  private static final class Stubborn extends TellAll {
    private static final long serialVersionUID = 1;

    @Override
    public long timer(Long state) {
      return 200;
    }
  }

  private static void assertCounts(TestingOrdered ordered, long used, long late, long held) {
    assertEquals(
        List.of(used, late, held),
        List.of(ordered.count("used"), ordered.count("late"), ordered.count("held")));
  }

  private static void assertEmpty(TestingOrdered ordered) {
    assertEquals(0, ordered.entries());
    assertEquals(0, ordered.timers());
  }
}
