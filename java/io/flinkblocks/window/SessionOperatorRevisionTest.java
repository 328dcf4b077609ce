package io.flinkblocks.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;

/** Which number the records of a session have. */
class SessionOperatorRevisionTest {
  @Test
  void correctionsAreNumbered() throws Exception {
    try (TestingSessions sessions = TestingSessions.firings(50, 100, 0).open()) {
      sessions.send("u", "a", 100);
      sessions.send("v", "a", 100);
      sessions.watermark(150);
      assertEquals(
          List.of("u [100, 100] a, revision 0", "v [100, 100] a, revision 0"),
          sessions.take().stream().sorted().toList());
      sessions.send("u", "b", 100);
      assertEquals(List.of("u [100, 100] a b, revision 1"), sessions.take());
      sessions.watermark(170);
      sessions.send("u", "c", 110);
      assertEquals(List.of("u [100, 110] a b c, revision 2"), sessions.take());
      sessions.send("v", "d", 100);
      assertEquals(List.of("v [100, 100] a d, revision 1"), sessions.take());
      sessions.watermark(260);
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void withAnotherStartTheyBeginAnew() throws Exception {
    try (TestingSessions sessions = TestingSessions.firings(50, 100, 0).open()) {
      sessions.send("u", "c", 100);
      sessions.watermark(160);
      sessions.send("u", "d", 100);
      assertEquals(
          List.of("u [100, 100] c, revision 0", "u [100, 100] c d, revision 1"), sessions.take());
      sessions.send("u", "a", 70);
      assertEquals(List.of("u no 100", "u [70, 100] a c d, revision 0"), sessions.take());
      sessions.send("u", "b", 80);
      assertEquals(List.of("u [70, 100] a b c d, revision 1"), sessions.take());
    }
  }

  @Test
  void whenTwoAreJoinedTheFirstGoesOnWhicheverIsLarger() throws Exception {
    try (TestingSessions sessions = TestingSessions.firings(50, 300, 0).open()) {
      sessions.send("u", "a", 100);
      sessions.send("u", "e", 200);
      sessions.watermark(250);
      sessions.send("u", "f", 200);
      sessions.send("u", "g", 200);
      sessions.send("u", "b", 100);
      assertEquals(
          List.of(
              "u [100, 100] a, revision 0",
              "u [200, 200] e, revision 0",
              "u [200, 200] e f, revision 1",
              "u [200, 200] e f g, revision 2",
              "u [100, 100] a b, revision 1"),
          sessions.take());
      sessions.send("u", "c", 150);
      assertEquals(List.of("u no 200", "u [100, 200] a b c e f g, revision 2"), sessions.take());
      // The larger one is the first.
      sessions.send("u", "h", 290);
      sessions.watermark(340);
      assertEquals(List.of("u [290, 290] h, revision 0"), sessions.take());
      sessions.send("u", "d", 245);
      assertEquals(
          List.of("u no 290", "u [100, 290] a b c d e f g h, revision 3"), sessions.take());
      sessions.watermark(Long.MAX_VALUE);
      assertEquals(List.of(), sessions.take());
      assertTrue(sessions.isEmpty());
    }
  }

  @Test
  void aSessionThatIsOpenAgainGoesOnUnlessItsStartChanges() throws Exception {
    try (TestingSessions sessions = TestingSessions.firings(50, 100, 0).open()) {
      for (String user : List.of("u", "v")) {
        sessions.send(user, "a", 100);
        sessions.send(user, "c", 185);
        sessions.send(user, "d", 190); // The larger of the two, and open.
      }
      sessions.watermark(170);
      sessions.take();
      for (String user : List.of("u", "v")) {
        sessions.send(user, "b", 145);
      }
      sessions.send("v", "before", 60);
      assertEquals(List.of("v no 100"), sessions.take());
      sessions.watermark(240);
      assertEquals(
          List.of("u [100, 190] a b c d, revision 1", "v [60, 190] a b before c d, revision 0"),
          sessions.take().stream().sorted().toList());
    }
  }

  @Test
  void theNumberSurvivesARestart() throws Exception {
    for (StateBackend backend :
        List.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend())) {
      OperatorSubtaskState checkpoint;
      try (TestingSessions sessions = TestingSessions.firings(50, 100, 0).backend(backend).open()) {
        for (String user : List.of("u", "v")) {
          sessions.send(user, "a", 100);
        }
        sessions.watermark(160);
        sessions.send("u", "b", 100);
        sessions.send("v", "b", 130); // It is open again.
        assertEquals(3, sessions.take().size());
        checkpoint = sessions.snapshot();
      }
      try (TestingSessions sessions =
          TestingSessions.firings(50, 100, 0).backend(backend).restore(1, checkpoint).open()) {
        sessions.send("u", "c", 100);
        assertEquals(List.of("u [100, 100] a b c, revision 2"), sessions.take());
        sessions.watermark(180);
        assertEquals(List.of("v [100, 130] a b, revision 1"), sessions.take());
        sessions.watermark(280);
        assertTrue(sessions.isEmpty());
      }
    }
  }
}
