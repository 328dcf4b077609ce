package io.flinkblocks.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.TestingEvents;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LateEventTest {
  @Test
  void carriesTheEventAsItWasWrittenInOneLine() {
    Event event =
        TestingEvents.parse(
            "\n"
                + "{ \"event_id\" : \"a \\\" b\", \"user_id\":\"\\u0075\","
                + " \"session_id\":\"s\",\r\n"
                + "\"product_id\":\"p\",\t\"category\":\"c\", \"action\":\"view\","
                + " \"price\":1.50e1,\"quantity\":1, \"timestamp\":1000, \"x\": [ 1, 2 ], \"x\":"
                + " null }\n");
    OutputRecord record = LateEvent.of("revenue-metrics", event, 7_500);
    assertEquals("late-events", record.output());
    assertEquals("u", new String(record.key(), StandardCharsets.UTF_8));
    assertEquals(List.of(), record.headers());
    assertEquals(
        "{\"analysis\":\"revenue-metrics\",\"late_by_ms\":6500,\"event\":"
            + "{\"event_id\":\"a \\\" b\",\"user_id\":\"\\u0075\",\"session_id\":\"s\","
            + "\"product_id\":\"p\",\"category\":\"c\",\"action\":\"view\",\"price\":1.50e1,"
            + "\"quantity\":1,\"timestamp\":1000,\"x\":[1,2],\"x\":null}}",
        new String(record.value(), StandardCharsets.UTF_8));
  }

  @Test
  void leavesDecodedStringsOut() {
    Event event = TestingEvents.of("\\u0061", 1);
    String value = new String(LateEvent.of("x", event, 2).value(), StandardCharsets.UTF_8);
    assertEquals("{\"analysis\":\"x\",\"late_by_ms\":1,\"event\":" + event + "}", value);
  }
}
