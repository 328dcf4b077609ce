package io.flinkblocks.event;

import java.nio.charset.StandardCharsets;

/** Valid events for tests, each a purchase unless it is said otherwise. */
public final class TestingEvents {
  private static final String TEXT =
      "{\"event_id\":\"%s\",\"user_id\":\"u1\",\"session_id\":\"s1\",\"product_id\":\"p1\","
          + "\"category\":\"books\",\"action\":\"purchase\",\"price\":12.5,\"quantity\":2,"
          + "\"timestamp\":%d}";

  /** The event of a record that must be valid. */
  public static Event parse(String record) {
    SourceRecord parsed =
        new EventParser().parse(record.getBytes(StandardCharsets.UTF_8), Long.MAX_VALUE);
    if (parsed instanceof Event event) {
      return event;
    }
    throw new IllegalArgumentException(parsed.toString());
  }

  /** An event with this id and time. */
  public static Event of(String eventId, long timestamp) {
    return parse(String.format(TEXT, eventId, timestamp));
  }

  private TestingEvents() {}
}
