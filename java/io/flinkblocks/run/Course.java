package io.flinkblocks.run;

import io.flinkblocks.config.UserError;
import io.flinkblocks.console.Failure;
import io.flinkblocks.console.Snapshot;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.flink.api.common.JobExecutionResult;

/**
 * What happened in a run.
 *
 * @param end how the job ended; null when that is not known
 * @param elapsedMs since it was followed
 * @param first the first snapshot with counters
 * @param last the last snapshot
 * @param stop the stop with savepoint that was asked for, null for none
 * @param signals requests to stop by signal
 * @param signal the number of the last of them
 * @param canceled whether the job was cancelled from here
 * @param error what went wrong outside the job, null for nothing
 */
record Course(
    End end,
    long elapsedMs,
    Snapshot first,
    Snapshot last,
    Stop stop,
    int signals,
    int signal,
    boolean canceled,
    UserError error) {
  /**
   * How a job ended.
   *
   * @param runtimeMs from its start to its end; null when it failed
   * @param counters its accumulators, by name; empty when it failed
   * @param failure of the job, or its cancellation; null when it came to an end
   */
  record End(Long runtimeMs, Map<String, Long> counters, Failure failure) {
    /** Of a result that is there. */
    static End of(CompletableFuture<JobExecutionResult> result) {
      try {
        JobExecutionResult done = result.join();
        Map<String, Long> counters = new TreeMap<>();
        done.getAllAccumulatorResults()
            .forEach(
                (name, value) -> {
                  if (value instanceof Number number) {
                    counters.put(name, number.longValue());
                  }
                });
        return new End(done.getNetRuntime(), counters, null);
      } catch (CompletionException e) {
        return new End(null, Map.of(), Failure.of(e.getCause()));
      }
    }

    /** Whether it was cancelled, by whomever. */
    boolean canceled() {
      return failure != null && failure.trace().contains("JobCancellationException");
    }
  }
}
