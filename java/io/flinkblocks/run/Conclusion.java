package io.flinkblocks.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.flinkblocks.config.UserError;
import io.flinkblocks.console.Accounting;
import io.flinkblocks.console.Failure;
import io.flinkblocks.console.FlinkRest;
import io.flinkblocks.console.Snapshot;
import io.flinkblocks.console.Summary;
import io.flinkblocks.console.Summary.Ended;
import io.flinkblocks.console.Summary.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the end of a run comes to.
 *
 * @param summary to be shown
 * @param failure to be shown below it; null when nothing failed
 * @param notes to be shown above it
 * @param exitCode 0 when the job did what it was asked to and its accounts add up; 1 when not; 128
 *     + the signal's number when it was cancelled by a second Ctrl-C or SIGTERM
 */
record Conclusion(Summary summary, Failure failure, List<String> notes, int exitCode) {
  private static final int FAILED = 1;
  private static final int BY_SIGNAL = 128;

  /**
   * Works out how a run ended, and deletes a drained job's savepoint.
   *
   * @param rest of the cluster, which may be gone
   */
  static Conclusion of(Course course, FlinkRest rest, RunOptions options) {
    String savepoint = savepoint(course);
    List<String> notes = new ArrayList<>();
    if (savepoint != null && course.stop().drain() && !delete(savepoint, rest, options)) {
      notes.add("could not delete " + savepoint + ", which nothing needs any more");
    }
    Ended ended = ended(course, savepoint, rest, options);
    Failure failure = failure(course, ended, rest);
    Summary summary = summary(course, options, ended, savepoint, failure);
    if (failure == null && Boolean.FALSE.equals(summary.addsUp())) {
      String problems = String.join("; ", summary.accounting().problems());
      failure = new Failure("the accounting does not add up: " + problems, "", "");
    }
    int cut = ended == Ended.CANCELED ? BY_SIGNAL + course.signal() : 0;
    return new Conclusion(summary, failure, notes, failure != null ? FAILED : cut);
  }

  /** Where the savepoint is that the stop made; null when it made none. */
  private static String savepoint(Course course) {
    Stop stop = course.stop();
    if (stop == null || course.end() == null || course.end().failure() != null) {
      return null;
    }
    if (stop.location() == null && stop.pending()) {
      // The cluster went down before it could tell.
      return Savepoints.ofJob(stop.folder(), course.last().job().jobId()).orElse(null);
    }
    return stop.location();
  }

  /** Deletes a savepoint, also where only the cluster can. */
  private static boolean delete(String savepoint, FlinkRest rest, RunOptions options) {
    if (Savepoints.delete(savepoint)) {
      return true;
    }
    JsonNode body = JsonNodeFactory.instance.objectNode().put("savepoint-path", savepoint);
    return !options.embedded() && !rest.post("/savepoint-disposal", body).isMissingNode();
  }

  private static Ended ended(Course course, String savepoint, FlinkRest rest, RunOptions options) {
    Course.End end = course.end();
    if (end == null) {
      return Ended.CANCELED; // And not waited for.
    }
    if (end.failure() != null) {
      boolean lost = !options.embedded() && rest.find("/overview").isMissingNode();
      return lost ? Ended.LOST : end.canceled() ? Ended.CANCELED : Ended.FAILED;
    }
    if (savepoint == null) {
      return Ended.FINISHED;
    }
    return course.stop().drain() ? Ended.DRAINED : Ended.STOPPED;
  }

  private static Failure failure(Course course, Ended ended, FlinkRest rest) {
    if (ended == Ended.LOST) {
      return new Failure(
          "the cluster at " + rest.url() + " does not answer any more",
          "look at its logs; the job is lost only if the cluster does not bring it back",
          "");
    }
    if (ended == Ended.FAILED) {
      return asTheClusterKnowsIt(course.end().failure(), course.last().job().jobId(), rest);
    }
    if (ended == Ended.CANCELED && !course.canceled() && course.end() != null) {
      return new Failure(
          "the job was cancelled, though not from here", "run the command again", "");
    }
    UserError outside = course.error();
    return outside == null ? null : new Failure(outside.getMessage(), outside.cure(), "");
  }

  /** Of a UserError only the text may have come over; the cluster still knows the cure. */
  private static Failure asTheClusterKnowsIt(Failure failure, String jobId, FlinkRest rest) {
    if (!failure.cure().isEmpty()) {
      return failure;
    }
    JsonNode history = rest.find("/jobs/" + jobId + "/exceptions?maxExceptions=1");
    JsonNode latest = history.path("exceptionHistory").path("entries").path(0);
    String trace = latest.path("stacktrace").asText();
    return trace.contains(UserError.class.getName()) ? Failure.of(trace) : failure;
  }

  private static Summary summary(
      Course course, RunOptions options, Ended ended, String savepoint, Failure failure) {
    Course.End end = course.end();
    Snapshot last = course.last();
    boolean complete = end != null && end.failure() == null;
    Map<String, Long> counters = complete ? end.counters() : last.flow().counters();
    long elapsed = end != null && end.runtimeMs() != null ? end.runtimeMs() : course.elapsedMs();
    Accounting accounts =
        counters.isEmpty() && !complete
            ? Accounting.NONE
            : Accounting.of(counters, options.analyses());
    return new Summary(
        options.name(),
        last.job().jobId(),
        ended,
        elapsed,
        speed(course, options, accounts.read(), elapsed),
        accounts,
        complete,
        options.resumed(),
        outputs(options, Accounting.outputs(counters)),
        last.checkpoints(),
        last.job().restarts(),
        ended == Ended.STOPPED ? savepoint : null,
        resume(options, ended, savepoint, last),
        failure == null ? null : failure.line());
  }

  private static List<Output> outputs(RunOptions options, Map<String, Long> written) {
    Map<String, Long> left = new TreeMap<>(written);
    List<Output> outputs = new ArrayList<>();
    for (Output output : options.outputs()) {
      outputs.add(output.with(left.remove(output.name())));
    }
    // What the job counts, though nobody said where it goes, is shown too.
    left.forEach((name, records) -> outputs.add(new Output(name, "", null, records)));
    return outputs;
  }

  /** Events per second of this run; a resumed one does not start to count at 0. */
  private static Double speed(Course course, RunOptions options, Long read, long elapsedMs) {
    Long before = 0L;
    long sinceMs = 0;
    if (options.resumed()) {
      before = course.first().flow().recordsIn();
      sinceMs = Optional.ofNullable(course.first().job().uptimeMs()).orElse(0L);
    }
    return read == null || before == null || elapsedMs <= sinceMs
        ? null
        : Double.valueOf((read - before) * 1000.0 / (elapsedMs - sinceMs));
  }

  private static String resume(RunOptions options, Ended ended, String savepoint, Snapshot last) {
    if (ended == Ended.STOPPED) {
      return ResumeCommand.of(options.command(), savepoint);
    }
    boolean resumable = !ended.atRest() && last.checkpoints().path() != null;
    return resumable ? ResumeCommand.of(options.command(), Savepoints.LATEST) : null;
  }
}
