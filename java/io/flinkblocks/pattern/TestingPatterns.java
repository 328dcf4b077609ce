package io.flinkblocks.pattern;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.TestingEvents;
import io.flinkblocks.ordered.TestingOrdered;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.window.TestingOperator.Builder;
import java.nio.charset.StandardCharsets;

/** Events and operators for tests. */
final class TestingPatterns {
  /** The operator by user, as the job has it. */
  static Builder<TestingOrdered> users() {
    return TestingOrdered.of(Patterns.OUTPUT, Patterns.users());
  }

  /** The operator by category, as the job has it. */
  static Builder<TestingOrdered> categories() {
    return TestingOrdered.of(Patterns.SPIKES, Patterns.categories(), Event::category);
  }

  /** An event in no certain category. */
  static Event event(String user, String product, String action, String id, long timestamp) {
    return event("c", user, product, action, id, timestamp);
  }

  static Event event(
      String category, String user, String product, String action, String id, long timestamp) {
    byte[] json =
        new JsonWriter()
            .begin()
            .field("event_id", id)
            .field("user_id", user)
            .field("session_id", "s")
            .field("product_id", product)
            .field("category", category)
            .field("action", action)
            .field("price", 1)
            .field("quantity", 1)
            .field("timestamp", timestamp)
            .end();
    return TestingEvents.parse(new String(json, StandardCharsets.UTF_8));
  }

  private TestingPatterns() {}
}
