package io.flinkblocks.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.Overflow;
import io.flinkblocks.window.SessionAggregator;
import io.flinkblocks.window.SessionFiring;
import io.flinkblocks.window.SessionOperator;
import io.flinkblocks.window.TestingSessions;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;

/** Jobs go on with the state that former versions of the program have stored. */
class FormerSessionsTest {
  @Test
  void sessionsWithoutRevisionsGoOnFromACheckpoint() throws Exception {
    for (StateBackend backend : backends()) {
      check(backend, TestingSessions::snapshot, backend);
    }
  }

  @Test
  void sessionsWithoutRevisionsGoOnFromASavepoint() throws Exception {
    for (StateBackend before : backends()) {
      for (StateBackend after : backends()) {
        check(before, TestingSessions::savepoint, after);
      }
    }
  }

  private interface Snapshot {
    OperatorSubtaskState of(TestingSessions sessions) throws Exception;
  }

  private static void check(StateBackend before, Snapshot snapshot, StateBackend after)
      throws Exception {
    List<Event> emitted = new ArrayList<>();
    List<Event> open = new ArrayList<>();
    OperatorSubtaskState state;
    try (TestingSessions sessions =
        operator(new FormerAggregator(aggregator())).backend(before).open()) {
      send("a", 1_000, sessions, emitted);
      send("b", 2_000, sessions, open);
      sessions.watermark(1_600);
      assertEquals(List.of(TestingVisits.record(emitted)), sessions.take());
      state = snapshot.of(sessions);
    }
    try (TestingSessions sessions =
        operator(aggregator()).backend(after).restore(1, state).open()) {
      send("c", 1_020, sessions, emitted);
      assertEquals(List.of(TestingVisits.record(emitted)), sessions.take());
      send("d", 2_020, sessions, open);
      sessions.watermark(Long.MAX_VALUE);
      assertEquals(List.of(TestingVisits.record(open)), sessions.take());
      assertTrue(sessions.isEmpty());
    }
  }

  private static List<StateBackend> backends() {
    return List.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend());
  }

  private static UserSessionAggregator aggregator() {
    return new UserSessionAggregator(Sessions.OUTPUT, false);
  }

  private static TestingSessions.Builder<TestingSessions> operator(
      SessionAggregator<UserSession> aggregator) {
    return TestingSessions.of(
        Sessions.OUTPUT, new SessionOperator<>(Sessions.OUTPUT, aggregator, 500, 1_000));
  }

  private static void send(String id, long timestamp, TestingSessions sessions, List<Event> sent)
      throws Exception {
    Event event = TestingVisits.event(id, "u", "p" + id, "purchase", BigDecimal.TEN, 1, timestamp);
    sessions.send(event);
    sent.add(event);
  }

  /** Stores sessions as before there were revisions. */
  private record FormerAggregator(UserSessionAggregator newest)
      implements SessionAggregator<UserSession> {
    @Override
    public UserSession create() {
      return newest.create();
    }

    @Override
    public void add(Event event, UserSession session, Overflow overflow) {
      newest.add(event, session, overflow);
    }

    @Override
    public void merge(UserSession from, UserSession into, Overflow overflow) {
      newest.merge(from, into, overflow);
    }

    @Override
    public void emit(
        SessionFiring firing, UserSession session, Overflow overflow, Consumer<OutputRecord> out) {
      newest.emit(firing, session, overflow, out);
    }

    @Override
    public void retract(String user, long start, Consumer<OutputRecord> out) {
      newest.retract(user, start, out);
    }

    @Override
    public TypeSerializer<UserSession> serializer() {
      return UserSessionSerializerV1.INSTANCE;
    }
  }
}
