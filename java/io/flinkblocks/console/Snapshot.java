package io.flinkblocks.console;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Map;

/**
 * The state of a job at one time: what every face of the console draws from. Null stands for what
 * is not known (yet). As JSON it is one flat object, but for the checkpoints.
 */
public record Snapshot(
    @JsonUnwrapped Job job,
    @JsonUnwrapped Flow flow,
    @JsonUnwrapped EventTime eventTime,
    @JsonUnwrapped Splits splits,
    @JsonUnwrapped Backpressure backpressure,
    Checkpoints checkpoints) {
  /**
   * The job itself.
   *
   * @param jobId Flink's id
   * @param name of the job
   * @param state Flink's name of it; STARTING before Flink knows the job
   * @param reachable whether the REST API answered; if not, the rest is from the last time that it
   *     did
   * @param running whether every task runs or has finished, so that the job can be stopped with a
   *     savepoint
   * @param timeMs of the cluster's clock, ms since the epoch
   * @param uptimeMs since the job was submitted
   * @param restarts since then
   * @param lastFailure in one line, why it restarted or failed
   */
  public record Job(
      String jobId,
      String name,
      String state,
      boolean reachable,
      boolean running,
      Long timeMs,
      Long uptimeMs,
      long restarts,
      String lastFailure) {
    Job gone() {
      return new Job(jobId, name, state, false, false, timeMs, uptimeMs, restarts, lastFailure);
    }
  }

  /**
   * Its records.
   *
   * @param recordsIn read by the source, valid or not; over all runs when resumed
   * @param recordsOut handed to the sinks, over all outputs
   * @param rate records in per second
   * @param late late events over all analyses
   * @param deadLettered records that are no valid events
   * @param outputs records handed to the sink, by output
   * @param counters the accumulators, by name
   * @param countedMs when recordsIn last changed (ms since the epoch), for the rate
   */
  public record Flow(
      Long recordsIn,
      Long recordsOut,
      Double rate,
      Long late,
      Long deadLettered,
      Map<String, Long> outputs,
      Map<String, Long> counters,
      @JsonIgnore Long countedMs) {}

  /**
   * How far event time is.
   *
   * @param watermarkMs the earliest watermark behind the source, ms since the epoch
   * @param lagMs how far it is behind the cluster's clock
   * @param inputEnded whether the watermark is at the end of time
   */
  public record EventTime(Long watermarkMs, Long lagMs, boolean inputEnded) {}

  /**
   * Partitions or files.
   *
   * @param splits that are read
   * @param idleSplits those of them without records
   */
  public record Splits(Long splits, Long idleSplits) {}

  /**
   * Who waits for whom.
   *
   * @param backpressure share of the last second that the slowest-served subtask waited, 0 to 1
   * @param backpressured the vertex of that subtask
   */
  public record Backpressure(Double backpressure, String backpressured) {}

  /**
   * Checkpoints of a job; times in ms, sizes in bytes, null before the first.
   *
   * @param failed 0 as long as none that had begun failed: Flink also counts those that it did not
   *     begin, as not every task ran yet, or any more
   */
  public record Checkpoints(
      long completed,
      long failed,
      long inProgress,
      long restored,
      Long ageMs,
      Long durationMs,
      Long sizeBytes,
      String path) {
    static final Checkpoints NONE = new Checkpoints(0, 0, 0, 0, null, null, null, null);
  }

  /** Before Flink knows the job. */
  public static Snapshot starting(String jobId) {
    return new Snapshot(
        new Job(jobId, "", "STARTING", false, false, null, null, 0, null),
        new Flow(null, null, null, null, null, Map.of(), Map.of(), null),
        new EventTime(null, null, false),
        new Splits(null, null),
        new Backpressure(null, null),
        Checkpoints.NONE);
  }

  /** What was known when the job stopped to answer. */
  Snapshot gone() {
    return new Snapshot(job.gone(), flow, eventTime, splits, backpressure, checkpoints);
  }
}
