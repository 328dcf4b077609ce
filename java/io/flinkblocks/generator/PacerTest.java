package io.flinkblocks.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PacerTest {
  private final AtomicLong clock = new AtomicLong(-5);

  /** How many events are due now. */
  private int burst(Pacer pacer) {
    int events = 0;
    while (pacer.take() == 0) {
      events++;
    }
    return events;
  }

  @Test
  void eventsAreDueOneByOne() {
    Pacer pacer = new Pacer(4, clock::get);
    assertEquals(0, pacer.take());
    assertEquals(250_000_000, pacer.take());
    clock.addAndGet(100_000_000);
    assertEquals(150_000_000, pacer.take());
    clock.addAndGet(150_000_000);
    assertEquals(1, burst(pacer));
  }

  @Test
  void rateHoldsOverUnevenSteps() {
    Pacer pacer = new Pacer(3_333_333, clock::get);
    int events = 0;
    for (int i = 0; i < 1000; i++) {
      events += burst(pacer);
      clock.addAndGet(1_000_000 + i);
    }
    assertEquals(3_333_333 * 1.0005, events, 4_000);
  }

  @Test
  void longPauseIsNotMadeUpFor() {
    Pacer pacer = new Pacer(100, clock::get);
    clock.addAndGet(3_600_000_000_000L);
    assertEquals(100, burst(pacer), 1);
  }
}
