package io.flinkblocks.ordered;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.TestingEvents;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.window.TestingOperator;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.java.functions.KeySelector;

/**
 * One subtask of an {@link OrderedOperator}, by itself keyed by user, in Flink's operator harness.
 */
public final class TestingOrdered extends TestingOperator {
  private TestingOrdered(Opened opened) {
    super(opened);
  }

  /** An operator with a {@link TestingJournal}, as analysis {@code journal}. */
  public static Builder<TestingOrdered> journal() {
    return of("journal", new TestingJournal());
  }

  /** An operator with any logic. */
  public static Builder<TestingOrdered> of(String analysis, KeyedLogic<?> logic) {
    return of(analysis, logic, Event::userId);
  }

  /** An operator with any logic and another key than the user. */
  public static Builder<TestingOrdered> of(
      String analysis, KeyedLogic<?> logic, KeySelector<Event, String> key) {
    return new Builder<>(
        analysis, new OrderedOperator<>(analysis, logic), key, TestingOrdered::new);
  }

  /** An event that says what a {@link TestingJournal} waits for. */
  public static Event event(String user, String id, long timestamp, String wish) {
    return event(user, id, timestamp, wish, "1");
  }

  /** An event with a price, written like this. */
  static Event event(String user, String id, long timestamp, String wish, String price) {
    byte[] json =
        new JsonWriter()
            .begin()
            .field("event_id", id)
            .field("user_id", user)
            .field("session_id", "s")
            .field("product_id", "p")
            .field("category", wish)
            .field("action", "view")
            .json("price", price.getBytes(StandardCharsets.UTF_8))
            .field("quantity", 1)
            .field("timestamp", timestamp)
            .end();
    return TestingEvents.parse(new String(json, StandardCharsets.UTF_8));
  }

  /** Sends an event after which the journal waits for 1000 ms. */
  public void send(String user, String id, long timestamp) throws Exception {
    send(user, id, timestamp, "wait 1000");
  }

  /** Sends an event that says what the journal waits for. */
  public void send(String user, String id, long timestamp, String wish) throws Exception {
    send(event(user, id, timestamp, wish));
  }

  /** Entries in the state: timestamps with held events, and users with a state of the logic. */
  public long entries() {
    return entries("held") + entries("logic");
  }

  /** The operator itself. */
  public OrderedOperator<?> operator() {
    return (OrderedOperator<?>) abstractOperator();
  }
}
