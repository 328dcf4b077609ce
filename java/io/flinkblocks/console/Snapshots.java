package io.flinkblocks.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkblocks.console.Snapshot.Backpressure;
import io.flinkblocks.console.Snapshot.Checkpoints;
import io.flinkblocks.console.Snapshot.EventTime;
import io.flinkblocks.console.Snapshot.Flow;
import io.flinkblocks.console.Snapshot.Job;
import io.flinkblocks.console.Snapshot.Splits;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Makes snapshots of REST documents; what is missing or odd in them is left out. */
public final class Snapshots {
  // Flink's first and last watermark: none yet, and end of input.
  private static final long NO_WATERMARK = Long.MIN_VALUE;
  private static final long END_WATERMARK = Long.MAX_VALUE;

  /**
   * A cluster reports accumulators every 10 s unless told otherwise: silence up to this long is no
   * standstill.
   */
  private static final long REPORT_MS = 12_000;

  /** A split that was idle for this much of the last second counts as idle. */
  private static final double IDLE_MS_PER_SECOND = 500;

  /**
   * Asks a job's REST API how it does.
   *
   * @param last the last snapshot, for the rate and for what is not reachable now
   */
  public static Snapshot poll(FlinkRest rest, Snapshot last) {
    return of(rest.documents(last.job().jobId()), last);
  }

  /** A snapshot of documents, see {@link FlinkRest#documents}. */
  static Snapshot of(JsonNode documents, Snapshot last) {
    JsonNode job = documents.path("job");
    if (!job.isObject() || job.isEmpty()) {
      return last.gone();
    }
    Long now = Loose.whole(job.path("now"));
    Map<String, Long> counters = counters(documents.path("accumulators"));
    return new Snapshot(
        job(documents, job, now, last.job()),
        flow(counters.isEmpty() ? last.flow().counters() : counters, now, last.flow()),
        eventTime(watermark(documents, job), now),
        splits(documents.path("source")),
        backpressure(documents.path("backpressure"), job),
        checkpoints(documents.path("checkpoints"), now, last.checkpoints()));
  }

  private static Job job(JsonNode documents, JsonNode job, Long now, Job last) {
    boolean running = job.path("state").asText().equals("RUNNING") && allTasksRun(job);
    Long restarts = Loose.whole(documents.path("metrics").path(0).path("value"));
    String trace =
        documents
            .path("exceptions")
            .path("exceptionHistory")
            .path("entries")
            .path(0)
            .path("stacktrace")
            .asText();
    return new Job(
        last.jobId(),
        Loose.text(job.path("name"), last.name()),
        Loose.text(job.path("state"), "UNKNOWN"),
        true,
        running,
        now,
        Loose.whole(job.path("duration")),
        restarts == null ? last.restarts() : restarts,
        trace.isEmpty() ? last.lastFailure() : Failure.of(trace).line());
  }

  private static boolean allTasksRun(JsonNode job) {
    long ready = 0;
    long all = 0;
    for (JsonNode vertex : job.path("vertices")) {
      JsonNode tasks = vertex.path("tasks");
      ready += Loose.orZero(tasks.path("RUNNING")) + Loose.orZero(tasks.path("FINISHED"));
      all += Loose.orZero(vertex.path("parallelism"));
    }
    return all > 0 && ready == all;
  }

  private static Map<String, Long> counters(JsonNode document) {
    Map<String, Long> counters = new TreeMap<>();
    for (JsonNode entry : document.path("user-task-accumulators")) {
      Long value = Loose.whole(entry.path("value"));
      if (value != null) {
        counters.put(entry.path("name").asText(), value);
      }
    }
    return counters;
  }

  private static Flow flow(Map<String, Long> counters, Long now, Flow last) {
    Accounting accounts = Accounting.of(counters, List.of());
    Map<String, Long> outputs = Accounting.outputs(counters);
    Long written =
        outputs.isEmpty() ? null : outputs.values().stream().mapToLong(Long::longValue).sum();
    Long read = accounts.read();
    Double rate = null;
    Long countedMs = null;
    if (now != null && read != null) {
      boolean anew =
          last.countedMs() == null || last.recordsIn() == null || read < last.recordsIn();
      boolean same = !anew && read.equals(last.recordsIn());
      long elapsed = anew ? 0 : now - last.countedMs();
      // Counts come in steps of seconds: the rate is that between their last two changes.
      countedMs = same ? last.countedMs() : now;
      if (same) {
        rate = elapsed < REPORT_MS ? last.rate() : Double.valueOf(0);
      } else if (!anew) {
        rate = (read - last.recordsIn()) * 1000.0 / Math.max(elapsed, 1);
      }
    }
    return new Flow(
        read,
        written,
        rate,
        accounts.kept() ? accounts.late() : null,
        accounts.deadLettered(),
        outputs,
        counters,
        countedMs);
  }

  private static EventTime eventTime(Long watermark, Long now) {
    if (watermark == null) {
      return new EventTime(null, null, false);
    }
    if (watermark == END_WATERMARK) {
      return new EventTime(null, null, true);
    }
    return new EventTime(watermark, now == null ? null : now - watermark, false);
  }

  /** The earliest that has arrived behind the source; a subtask without one yet is left out. */
  private static Long watermark(JsonNode documents, JsonNode job) {
    JsonNode behind = documents.path("watermarks");
    Stream<Long> values;
    if (behind.isEmpty()) {
      // Everything is chained to the source: what its operators emit is all there is.
      values =
          FlinkRest.readers(job).stream()
              .flatMap(id -> stream(documents.path("source").path(id)))
              .filter(entry -> entry.path("id").asText().endsWith(".currentOutputWatermark"))
              .map(entry -> Loose.whole(entry.path("min")))
              // These come as floating point: near the ends of time they are rounded.
              .map(value -> value != null && value > END_WATERMARK / 2 ? END_WATERMARK : value);
    } else {
      values = stream(behind).flatMap(Snapshots::stream).map(e -> Loose.whole(e.path("value")));
    }
    return values
        .filter(Objects::nonNull)
        .filter(value -> value > NO_WATERMARK / 2)
        .min(Long::compare)
        .orElse(null);
  }

  private static Splits splits(JsonNode source) {
    TreeMap<String, Boolean> idle = new TreeMap<>();
    for (JsonNode vertex : source) {
      for (JsonNode entry : vertex) {
        Double ms = Loose.fraction(entry.path("max"));
        if (entry.path("id").asText().endsWith(".watermark.idleTimeMsPerSecond") && ms != null) {
          idle.put(entry.path("id").asText(), ms >= IDLE_MS_PER_SECOND);
        }
      }
    }
    if (idle.isEmpty()) {
      return new Splits(null, null);
    }
    return new Splits((long) idle.size(), idle.values().stream().filter(i -> i).count());
  }

  private static Backpressure backpressure(JsonNode byVertex, JsonNode job) {
    Double worst = null;
    String where = null;
    for (JsonNode vertex : job.path("vertices")) {
      for (JsonNode subtask : byVertex.path(vertex.path("id").asText()).path("subtasks")) {
        Double ratio = Loose.fraction(subtask.path("ratio"));
        if (ratio != null && (worst == null || ratio > worst)) {
          worst = Math.min(Math.max(ratio, 0), 1);
          where = Loose.text(vertex.path("name"), null);
        }
      }
    }
    return new Backpressure(worst, where);
  }

  private static Checkpoints checkpoints(JsonNode document, Long now, Checkpoints last) {
    JsonNode counts = document.path("counts");
    if (counts.isEmpty()) {
      return last;
    }
    JsonNode latest = document.path("latest");
    JsonNode done = latest.path("completed");
    Long at = Loose.whole(done.path("latest_ack_timestamp"));
    return new Checkpoints(
        Loose.orZero(counts.path("completed")),
        latest.path("failed").isObject() ? Loose.orZero(counts.path("failed")) : 0,
        Loose.orZero(counts.path("in_progress")),
        Loose.orZero(counts.path("restored")),
        now == null || at == null ? null : Long.valueOf(Math.max(now - at, 0)),
        Loose.whole(done.path("end_to_end_duration")),
        Loose.whole(done.path("state_size")),
        Loose.text(done.path("external_path"), null));
  }

  private static Stream<JsonNode> stream(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false);
  }

  private Snapshots() {}
}
