package io.flinkblocks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StopSignalsTest {
  private static void raise(String signal) throws IOException, InterruptedException {
    long self = ProcessHandle.current().pid();
    new ProcessBuilder("kill", "-" + signal, Long.toString(self)).inheritIO().start().waitFor();
  }

  private static void awaitCount(StopSignals signals, int count) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          while (signals.count() < count) {
            Thread.sleep(5);
          }
        });
  }

  @Test
  void requestsAreCountedAndDoNotEndTheProcess() throws Exception {
    try (StopSignals signals = new StopSignals()) {
      assertEquals(0, signals.count());
      assertEquals(0, signals.number());
      raise("INT");
      awaitCount(signals, 1);
      assertEquals(2, signals.number());
      raise("TERM");
      awaitCount(signals, 2);
      assertEquals(15, signals.number());
      raise("HUP");
      awaitCount(signals, 3);
      assertEquals(1, signals.number());
    }
  }

  @Test
  void signalsGoBackToWhoeverHadThem() throws Exception {
    try (StopSignals outer = new StopSignals()) {
      try (StopSignals inner = new StopSignals()) {
        raise("INT");
        awaitCount(inner, 1);
      }
      assertEquals(0, outer.count());
      raise("INT");
      awaitCount(outer, 1);
    }
  }
}
