package io.flinkblocks.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.EventParser;

/** Records for tests that look at ids and times only. */
public final class TestingEvents {
  private TestingEvents() {}

  /** A valid record with this id and timestamp, in ms since the epoch. */
  public static String json(String id, long timestamp) {
    return String.format(
        "{\"event_id\":\"%s\",\"user_id\":\"u\",\"session_id\":\"s\",\"product_id\":\"p\","
            + "\"category\":\"c\",\"action\":\"view\",\"price\":1,\"quantity\":1,"
            + "\"timestamp\":%d}",
        id, timestamp);
  }

  /** The same as bytes. */
  public static byte[] bytes(String id, long timestamp) {
    return json(id, timestamp).getBytes(UTF_8);
  }

  /** The same, parsed. */
  public static Event event(String id, long timestamp) {
    return (Event) new EventParser().parse(bytes(id, timestamp), Long.MAX_VALUE);
  }
}
