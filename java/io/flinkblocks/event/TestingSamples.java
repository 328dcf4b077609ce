package io.flinkblocks.event;

import io.flinkblocks.event.DeadLetter.Header;
import io.flinkblocks.event.DeadLetter.Origin;
import io.flinkblocks.event.DeadLetter.Reason;
import java.util.List;

/** Values of every shape, for the tests of the serializers. */
public final class TestingSamples {
  private static final String REST =
      "\"session_id\":\"s\",\"product_id\":\"p\",\"category\":\"caf\u00e9\",\"action\":\"view\","
          + "\"price\":1e9,\"quantity\":1,\"timestamp\":1750000000000}";

  /** Events with and without decoded strings and ip_address. */
  public static Event[] events() {
    return new Event[] {
      TestingEvents.parse("{\"event_id\":\"e\",\"user_id\":\"u\"," + REST),
      TestingEvents.parse(
          "{\"metadata\":{\"ip_address\":\"\"},\"event_id\":\"e\",\"user_id\":\"u\"," + REST),
      TestingEvents.parse(
          "{\"metadata\":{\"ip_address\":\"\\u0031\"},\"event_id\":\"\\u00e9\",\"user_id\":\""
              + "u".repeat(256)
              + "\","
              + REST),
    };
  }

  /** Events and dead letters with and without value, field, origin, key, headers. */
  public static SourceRecord[] sourceRecords() {
    DeadLetter bare = new DeadLetter(null, Reason.EMPTY_RECORD, null, null);
    DeadLetter full = new DeadLetter(new byte[] {-1, 0}, Reason.WRONG_TYPE, "price", null);
    return new SourceRecord[] {
      events()[0],
      events()[2],
      bare,
      full,
      bare.from(new Origin("events", 0, 0, null, List.of())),
      full.from(new Origin("\u00e9vents", 7, 1L << 40, new byte[] {1}, headers()))
    };
  }

  /** Headers with, without and with an empty value. */
  public static List<Header> headers() {
    return List.of(
        new Header("trace", new byte[] {9, -9}),
        new Header("nothing", null),
        new Header("trace", new byte[0]));
  }

  private TestingSamples() {}
}
