package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

/** Events behind the watermark: which are late, and what the others correct. */
class SessionOperatorLateTest {
  @Test
  void anEventOfAnEmittedSessionIsLate() throws Exception {
    try (TestingSessions sessions = TestingSessions.ids(50, 0).open()) {
      sessions.send("u", "a", 100);
      sessions.watermark(150);
      sessions.take();
      Event late = TestingSessions.event("u", "b", 100);
      sessions.send(late);

      StreamRecord<OutputRecord> record = sessions.takeRecords().get(0);
      assertEquals(OutputRecord.LATE_EVENTS, record.getValue().output());
      assertEquals(
          "{\"analysis\":\"ids\",\"late_by_ms\":50,\"event\":" + late + "}",
          new String(record.getValue().value(), StandardCharsets.UTF_8));
      assertEquals(100, record.getTimestamp());
      assertCounts(sessions, 1, 1);
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void whetherAnEventIsLateDependsOnTheSessionThatItWouldBe() throws Exception {
    try (TestingSessions sessions = TestingSessions.ids(50, 0).open()) {
      sessions.watermark(200);
      sessions.send("never seen", "a", 150);
      assertEquals(1, sessions.take().size());
      sessions.send("never seen", "b", 151); // Behind the watermark, but it is not over.
      assertCounts(sessions, 1, 1);
      sessions.send("never seen", "c", 150); // The same time, but now there is an open session.
      sessions.send("never seen", "d", 101); // And now it starts earlier.
      assertCounts(sessions, 3, 1);
      sessions.watermark(201);
      assertEquals(List.of("never seen [101, 151] b c d"), sessions.take());
    }
  }

  @Test
  void anEventThatAloneIsNotOverIsASessionRightBehindAnEmittedOne() throws Exception {
    try (TestingSessions sessions = TestingSessions.ids(50, 0).open()) {
      sessions.send("u", "a", 100);
      sessions.watermark(150);
      assertEquals(List.of("u [100, 100] a"), sessions.take());
      sessions.send("u", "late", 100); // Alone it would be over, too.
      assertEquals(1, sessions.take().size());
      sessions.send("u", "b", 120); // Alone it lasts until 170; merging windows take it, too.
      assertCounts(sessions, 2, 1);
      sessions.watermark(169);
      assertEquals(List.of(), sessions.take());
      sessions.watermark(170);
      assertEquals(List.of("u [120, 120] b"), sessions.take());
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void allowedLatenessCorrectsASessionUntilItIsClosed() throws Exception {
    try (TestingSessions sessions = TestingSessions.ids(50, 100).open()) {
      sessions.send("u", "a", 100);
      sessions.watermark(150);
      assertEquals(List.of("u [100, 100] a"), sessions.take());
      sessions.send("u", "b", 100);
      assertEquals(List.of("u [100, 100] a b"), sessions.take());
      sessions.watermark(249);
      sessions.send("u", "c", 110); // It lasts longer, and is over all the same.
      assertEquals(List.of("u [100, 110] a b c"), sessions.take());

      sessions.watermark(259);
      assertEquals(1, sessions.entries("emitted"));
      sessions.watermark(260);
      assertTrue(sessions.isEmpty());
      sessions.send("u", "d", 110);
      assertEquals(1, sessions.take().size());
      assertCounts(sessions, 3, 1);
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void aLateEventWithinTheLatenessMayBeASessionOfItsOwn() throws Exception {
    try (TestingSessions sessions = TestingSessions.ids(50, 100).open()) {
      sessions.watermark(249);
      sessions.send("u", "a", 100);
      assertEquals(List.of("u [100, 100] a"), sessions.take());
      sessions.watermark(250);
      assertEquals(List.of(), sessions.take());
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void anEarlierStartRetractsTheRecordBeforeTheNewOne() throws Exception {
    try (TestingSessions sessions = TestingSessions.ids(50, 100).open()) {
      sessions.send("u", "b", 100);
      sessions.watermark(160);
      assertEquals(List.of("u [100, 100] b"), sessions.take());
      sessions.send("u", "a", 70);
      List<StreamRecord<OutputRecord>> records = sessions.takeRecords();
      assertEquals(
          List.of("u no 100", "u [70, 100] a b"),
          records.stream().map(r -> new String(r.getValue().value())).toList());
      assertEquals(70, records.get(0).getTimestamp());

      sessions.watermark(249);
      sessions.send("u", "c", 75);
      assertEquals(List.of("u [70, 100] a b c"), sessions.take());
      sessions.watermark(250);
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void joiningTwoEmittedSessionsRetractsTheSecond() throws Exception {
    try (TestingSessions sessions = TestingSessions.ids(50, 300).open()) {
      sessions.send("u", "a", 100);
      sessions.send("u", "c", 200);
      sessions.send("u", "d", 300);
      sessions.watermark(400);
      assertEquals(List.of("u [100, 100] a", "u [200, 200] c", "u [300, 300] d"), sessions.take());
      sessions.send("u", "b", 150);
      assertEquals(List.of("u no 200", "u [100, 200] a b c"), sessions.take());
      sessions.send("u", "between", 250); // A third one.
      assertEquals(List.of("u no 300", "u [100, 300] a b between c d"), sessions.take());
      assertEquals(1, sessions.entries("emitted"));
      sessions.watermark(Long.MAX_VALUE);
      assertEquals(List.of(), sessions.take());
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void anEmittedSessionThatLastsLongerIsOpenAgain() throws Exception {
    try (TestingSessions sessions = TestingSessions.ids(50, 100).open()) {
      sessions.send("u", "a", 100);
      sessions.watermark(160);
      assertEquals(List.of("u [100, 100] a"), sessions.take());
      sessions.send("u", "b", 130);
      assertEquals(List.of(), sessions.take());
      assertEquals(0, sessions.entries("emitted"));
      sessions.send("u", "c", 175); // Ahead of the watermark, as if nothing had happened.
      sessions.watermark(224);
      assertEquals(List.of(), sessions.take());
      sessions.watermark(225);
      assertEquals(List.of("u [100, 175] a b c"), sessions.take());
      sessions.watermark(325);
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void anOpenSessionTakesOverTheRecordOfTheEmittedOneThatItIsJoinedTo() throws Exception {
    try (TestingSessions sessions = TestingSessions.ids(50, 100).open()) {
      sessions.send("u", "a", 100);
      sessions.send("u", "c", 185);
      sessions.send("u", "d", 190); // The larger of the two.
      sessions.watermark(170);
      assertEquals(List.of("u [100, 100] a"), sessions.take());
      sessions.send("u", "b", 145);
      assertEquals(List.of(), sessions.take()); // The record of 100 will be replaced.
      sessions.send("u", "before", 60);
      assertEquals(List.of("u no 100"), sessions.take()); // Now it will not.
      sessions.send("u", "more before", 20);
      sessions.watermark(240);
      assertEquals(List.of("u [20, 190] a b before c d more before"), sessions.take());
      sessions.watermark(Long.MAX_VALUE);
      assertEquals(List.of(), sessions.take());
      assertTrue(sessions.isEmpty());
    }
  }

  private static void assertCounts(TestingSessions sessions, long used, long late) {
    assertEquals(List.of(used, late), List.of(sessions.count("used"), sessions.count("late")));
  }
}
