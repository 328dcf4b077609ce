package io.flinkblocks.run;

import io.flinkblocks.config.UserError;
import io.flinkblocks.console.Face;
import io.flinkblocks.console.FlinkRest;
import io.flinkblocks.console.Snapshot;
import io.flinkblocks.console.Snapshots;
import java.math.BigDecimal;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;

/**
 * Follows a submitted job to its end: shows it, stops it when asked to.
 *
 * <p>The first Ctrl-C, SIGTERM, or the end of the duration stop it cleanly; the second Ctrl-C
 * cancels it at once. All in one thread, a step every tick.
 */
final class Follow {
  private static final long TICK_MS = 100;

  /** Between two looks at a job that starts, or that is to be stopped as soon as it runs. */
  private static final long IMPATIENT_MS = 500;

  /** A cancelled job, and the answer to a stop that is over, come within moments or not at all. */
  private static final long LAST_WORD_MS = 15_000;

  private final JobClient client;
  private final FlinkRest rest;
  private final RunOptions options;
  private final Face face;
  private final StopSignals signals;
  private final long begin = nowMs();
  private Long ranSince;
  private long nextLook = begin;
  private long nextShow = begin;
  private Snapshot snapshot;
  private Snapshot first;
  private Stop stop;
  private Long canceledAt;
  private UserError error;

  private Follow(
      JobClient client, FlinkRest rest, RunOptions options, Face face, StopSignals signals) {
    this.client = client;
    this.rest = rest;
    this.options = options;
    this.face = face;
    this.signals = signals;
    this.snapshot = Snapshot.starting(client.getJobID().toString());
    this.first = snapshot;
  }

  /** Keeps to the job until there is no more to wait for. */
  static Course toEnd(
      JobClient client, FlinkRest rest, RunOptions options, Face face, StopSignals signals)
      throws InterruptedException {
    return new Follow(client, rest, options, face, signals).toEnd();
  }

  private Course toEnd() throws InterruptedException {
    CompletableFuture<JobExecutionResult> result = client.getJobExecutionResult();
    // At the third request there is no waiting for anything.
    while (!result.isDone() && !givenUp() && signals.count() < 3) {
      step();
      Thread.sleep(TICK_MS);
    }
    if (result.isDone() && stop != null) {
      // An embedded cluster goes down with its job, and the answer may be lost on the way.
      stop.await(LAST_WORD_MS / 5);
    }
    return new Course(
        result.isDone() ? Course.End.of(result) : null,
        nowMs() - begin,
        first,
        snapshot,
        stop,
        signals.count(),
        signals.number(),
        canceledAt != null,
        error);
  }

  private boolean givenUp() {
    return canceledAt != null && nowMs() - canceledAt > LAST_WORD_MS;
  }

  private void step() {
    long now = nowMs();
    look(now);
    if (canceledAt != null) {
      return;
    }
    if (signals.count() > 1) {
      face.note("cancelling");
      cancel(now);
    } else if (stop == null) {
      maybeStop(now);
    } else {
      stop.advance(snapshot.job().running());
      if (stop.refused()) {
        error =
            new UserError(
                "the job could not be stopped with a savepoint and was cancelled: "
                    + stop.failure(),
                "--from-savepoint latest resumes from its last checkpoint");
        cancel(now);
      }
    }
  }

  private void look(long now) {
    if (now >= nextLook) {
      snapshot = Snapshots.poll(rest, snapshot);
      if (first.flow().recordsIn() == null) {
        first = snapshot;
      }
      if (snapshot.job().running() && ranSince == null) {
        ranSince = now;
      }
      boolean waits = ranSince == null || (stop != null && !stop.pending());
      nextLook = now + (waits ? Math.min(IMPATIENT_MS, face.intervalMs()) : face.intervalMs());
    }
    // Nothing is shown before Flink knows the job: the lines before say that it is being started.
    if (now >= nextShow && snapshot.job().timeMs() != null) {
      face.update(snapshot);
      nextShow = now + face.intervalMs();
    }
  }

  private void maybeStop(long now) {
    String reason;
    long duration = options.durationMs();
    if (signals.count() > 0) {
      reason = "";
    } else if (duration > 0 && ranSince != null && now - ranSince >= duration) {
      String seconds = BigDecimal.valueOf(duration, 3).stripTrailingZeros().toPlainString();
      reason = "the duration of " + seconds + " s is over: ";
    } else if (face.gone()) {
      reason = "nobody reads the output any more: ";
    } else {
      return;
    }
    boolean drain = options.bounded();
    String folder =
        drain
            ? Savepoints.drainFolder(options.statePath())
            : Savepoints.folder(options.statePath());
    stop =
        new Stop(
            folder,
            drain,
            () -> client.stopWithSavepoint(drain, folder, SavepointFormatType.CANONICAL),
            Follow::nowMs);
    String how =
        drain
            ? "stopping, what was read is drained and every window closes"
            : "stopping with a savepoint";
    String when = snapshot.job().running() ? "" : " as soon as the job runs";
    String again = signals.count() > 0 ? " again" : " twice";
    face.note(reason + how + when + "; Ctrl-C" + again + " cancels at once");
    nextLook = now;
  }

  private void cancel(long now) {
    canceledAt = now;
    client.cancel();
  }

  private static long nowMs() {
    return System.nanoTime() / 1_000_000;
  }
}
