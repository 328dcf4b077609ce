package io.flinkblocks.highvalue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Action;
import io.flinkblocks.event.Event;
import io.flinkblocks.output.Amount;
import io.flinkblocks.window.TestingEvents;
import io.flinkblocks.window.TestingJob;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HighValueTest {
  private static final int EVENTS = 2_000;
  private static final long MICROS = 1_000_000;

  @Test
  void aJobEmitsThePurchasesFromTheThresholdOn() throws Exception {
    Settings settings = Settings.of(Map.of("high-value-threshold", "1000.00"));
    List<Event> events = traffic(new Random(7));
    TestingJob job = TestingJob.run(events, stream -> HighValue.apply(stream, settings));

    List<String> expected =
        events.stream()
            .filter(e -> e.action() == Action.PURCHASE && e.amountMicros() >= 1000 * MICROS)
            .map(HighValueTest::record)
            .sorted()
            .toList();
    assertTrue(expected.size() > 50 && expected.size() < EVENTS / 2);
    assertEquals(expected, job.values());
    long used = expected.size();
    assertEquals(used, job.counts().get("accounting.high-value-transactions.used"));
    assertEquals(
        EVENTS - used, job.counts().get("accounting.high-value-transactions.not-relevant"));
  }

  private static String record(Event event) {
    return ("{\"event_id\":\"%s\",\"user_id\":\"%s\",\"product_id\":\"p\",\"category\":\"c\","
            + "\"amount\":%s,\"timestamp\":%d}")
        .formatted(
            event.eventId(), event.userId(), Amount.text(event.amountMicros()), event.timestamp());
  }

  /** In no order at all: nothing is late. */
  private static List<Event> traffic(Random random) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      events.add(
          TestingEvents.event(
              "c",
              "e" + i,
              "user-" + random.nextInt(30),
              random.nextInt(3) == 0 ? "purchase" : "view",
              random.nextInt(10) == 0
                  ? BigDecimal.valueOf(500)
                  : BigDecimal.valueOf(random.nextInt(1_000_000_000), 6),
              1 + random.nextInt(3),
              1 + random.nextInt(10_000_000)));
    }
    return events;
  }
}
