package io.flinkblocks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StopTest {
  private final List<CompletableFuture<String>> answers = new ArrayList<>();
  private long now;
  private final Stop stop = new Stop("/s", true, this::trigger, () -> now);

  private CompletableFuture<String> trigger() {
    answers.add(new CompletableFuture<>());
    return answers.get(answers.size() - 1);
  }

  private void fail(int attempt) {
    answers.get(attempt).completeExceptionally(new IllegalStateException("no"));
    stop.advance(true);
  }

  @Test
  void waitsUntilTheJobRuns() {
    stop.advance(false);
    assertEquals(0, answers.size());
    assertFalse(stop.pending());
    stop.advance(true);
    stop.advance(true);
    assertEquals(1, answers.size());
    assertTrue(stop.pending());
    answers.get(0).complete("/s/savepoint-1");
    stop.advance(false);
    assertEquals("/s/savepoint-1", stop.location());
    assertFalse(stop.pending() || stop.refused());
    assertNull(stop.failure());
  }

  @Test
  void triesAgainAfterAPause() {
    stop.advance(true);
    fail(0);
    assertEquals("IllegalStateException: no; --verbose shows the stack trace", stop.failure());
    stop.advance(true);
    assertEquals(1, answers.size());
    now += 1000;
    stop.advance(true);
    assertEquals(2, answers.size());
    assertFalse(stop.refused());
  }

  @Test
  void givesUpAfterThreeFailures() {
    for (int attempt = 0; attempt < 3; attempt++) {
      now += 1000;
      stop.advance(true);
      fail(attempt);
    }
    assertTrue(stop.refused());
    assertFalse(stop.pending());
    now += 1000;
    stop.advance(true);
    assertEquals(3, answers.size());
  }

  @Test
  void awaitsAnAnswerOnItsWay() {
    stop.await(0);
    stop.advance(true);
    stop.await(0);
    assertNull(stop.location());
    answers.get(0).complete("/s/savepoint-1");
    stop.await(0);
    assertEquals("/s/savepoint-1", stop.location());
  }
}
