package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import java.math.BigDecimal;

/** One subtask of a {@link SessionOperator}, keyed by user, in Flink's operator harness. */
public final class TestingSessions extends TestingOperator {
  private TestingSessions(Opened opened) {
    super(opened);
  }

  /** An operator that shows event ids, as analysis {@code ids}; all times in ms. */
  public static Builder<TestingSessions> ids(long timeout, long allowedLateness) {
    return of(
        "ids",
        new SessionOperator<>("ids", new TestingIdSession.Ids(false), timeout, allowedLateness));
  }

  /**
   * An operator that shows the revision, or that a record is early, behind the ids.
   *
   * @param earlyFiring interval of early firings; 0 for none
   */
  public static Builder<TestingSessions> firings(
      long timeout, long allowedLateness, long earlyFiring) {
    return of(
        "ids",
        new SessionOperator<>(
            "ids",
            new TestingIdSession.Ids(true),
            timeout,
            allowedLateness,
            new EarlyFiring(earlyFiring)));
  }

  /** Any operator. */
  public static Builder<TestingSessions> of(String analysis, SessionOperator<?> operator) {
    return new Builder<>(analysis, operator, Event::userId, TestingSessions::new);
  }

  /** A view by a user. */
  public static Event event(String user, String id, long timestamp) {
    return TestingEvents.event("c", id, user, "view", BigDecimal.ONE, 1, timestamp);
  }

  /** Sends a view with an id. */
  public void send(String user, String id, long timestamp) throws Exception {
    send(event(user, id, timestamp));
  }

  /** Whether nothing is left: neither state nor timers. */
  public boolean isEmpty() {
    return timers() + entries("open") + entries("emitted") + entries("overflow") == 0;
  }
}
