package io.flinkblocks.console;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * How a run ended: what was read, where it went, and whether that adds up.
 *
 * @param name of the job
 * @param jobId Flink's id of it
 * @param ended how
 * @param elapsedMs from the job's start to its end
 * @param eventsPerSecond read in that time; null when not known
 * @param accounting where each record went
 * @param complete whether the counters are the job's last ones, not those of the last look at it
 * @param resumed whether they include the runs before a savepoint
 * @param outputs what it wrote
 * @param checkpoints counts and the last one
 * @param restarts since it was submitted
 * @param savepoint to resume from; null when it was not stopped with one
 * @param resume the command that resumes; null when there is nothing to resume from
 * @param error in one line, why it failed; null when it did not
 */
public record Summary(
    String name,
    String jobId,
    Ended ended,
    long elapsedMs,
    Double eventsPerSecond,
    Accounting accounting,
    @JsonProperty("final") boolean complete,
    boolean resumed,
    List<Output> outputs,
    Snapshot.Checkpoints checkpoints,
    long restarts,
    String savepoint,
    String resume,
    String error) {
  /** How a run ends. */
  public enum Ended {
    /** The input came to its end. */
    FINISHED("finished"),
    /** Stopped with a savepoint to resume from. */
    STOPPED("stopped with a savepoint"),
    /** Stopped after all that was read had come out. */
    DRAINED("stopped and drained"),
    /** Cut short. */
    CANCELED("was cancelled"),
    /** Given up after its restarts. */
    FAILED("failed"),
    /** The cluster went away. */
    LOST("was lost");

    private final String words;

    Ended(String words) {
      this.words = words;
    }

    /** Whether the job came to rest by itself: only then its counters belong together. */
    public boolean atRest() {
      return this == FINISHED || this == STOPPED || this == DRAINED;
    }

    String words() {
      return words;
    }
  }

  /**
   * Where one output's records are.
   *
   * @param name of the output: revenue-metrics
   * @param where folder or topic
   * @param look the command that shows them, null when there is none
   * @param records handed to the sink; null until known
   */
  public record Output(String name, String where, String look, Long records) {
    /** The same, counted. */
    public Output with(Long written) {
      return new Output(name, where, look, written);
    }
  }

  /**
   * Whether every record is accounted for; null when that cannot be told: no accounts, cut short.
   */
  public Boolean addsUp() {
    return complete && ended.atRest() && accounting.kept() ? accounting.problems().isEmpty() : null;
  }
}
