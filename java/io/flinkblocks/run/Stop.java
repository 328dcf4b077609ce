package io.flinkblocks.run;

import io.flinkblocks.console.Failure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** One stop with savepoint, on its way. */
final class Stop {
  private static final int ATTEMPTS = 3;
  private static final long PAUSE_MS = 1000;

  private final String folder;
  private final boolean drain;
  private final Supplier<CompletableFuture<String>> trigger;
  private final LongSupplier clockMs;
  private CompletableFuture<String> answer;
  private String location;
  private String failure;
  private int failures;
  private long notBefore = Long.MIN_VALUE;

  /**
   * Begins nothing yet.
   *
   * @param folder where the savepoint goes
   * @param drain whether event time is advanced to its end first, so that every window closes
   * @param trigger asks Flink; gives the savepoint's location when the job has stopped
   * @param clockMs milliseconds that only grow
   */
  Stop(
      String folder,
      boolean drain,
      Supplier<CompletableFuture<String>> trigger,
      LongSupplier clockMs) {
    this.folder = folder;
    this.drain = drain;
    this.trigger = trigger;
    this.clockMs = clockMs;
  }

  /**
   * Takes the next step, if it is time for it.
   *
   * @param ready whether all tasks of the job run
   */
  void advance(boolean ready) {
    if (location != null || refused()) {
      return;
    }
    if (answer != null) {
      look(0);
    } else if (ready && clockMs.getAsLong() >= notBefore) {
      answer = trigger.get();
    }
  }

  /** Waits for an answer that is on its way. */
  void await(long patienceMs) {
    if (pending()) {
      look(patienceMs);
    }
  }

  private void look(long patienceMs) {
    try {
      location = answer.get(patienceMs, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // Not yet.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      failure = Failure.of(e.getCause()).line();
      failures++;
      answer = null;
      notBefore = clockMs.getAsLong() + PAUSE_MS;
    }
  }

  String folder() {
    return folder;
  }

  boolean drain() {
    return drain;
  }

  /** Of the savepoint; null until it is there. */
  String location() {
    return location;
  }

  /** Why the last attempt failed; null when none did. */
  String failure() {
    return failure;
  }

  /** Whether all attempts failed. */
  boolean refused() {
    return failures >= ATTEMPTS;
  }

  /** Whether an answer is still to come. */
  boolean pending() {
    return answer != null && location == null;
  }
}
