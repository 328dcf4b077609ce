package io.flinkblocks.run;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.console.Check;
import io.flinkblocks.console.Face;
import io.flinkblocks.console.Failure;
import io.flinkblocks.console.FlinkRest;
import io.flinkblocks.job.Preflight;
import io.flinkblocks.job.Sinks;
import io.flinkblocks.job.Sources;
import io.flinkblocks.source.Intake;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A block as its main describes it; what running it comes to is the same for all of them:
 * preflight, job, console, summary.
 *
 * @param target the main's Bazel label, for the command that resumes
 * @param results names of its own outputs in a run
 * @param analyses names of those that have accounts in a run
 * @param workflow wires the operators
 */
public record Block(
    String target,
    Function<Settings, List<String>> results,
    Function<Settings, List<String>> analyses,
    Workflow workflow) {
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  /** How long Flink may take to delete the checkpoints of a job that has finished. */
  private static final long TIDY_MS = 5000;

  /** A block whose outputs are the same in every run; each is an analysis with accounts. */
  public Block(String target, List<String> results, Workflow workflow) {
    this(target, settings -> results, settings -> results, workflow);
  }

  /**
   * Runs the block.
   *
   * @param settings what its flags mean
   * @param argv its command line
   * @return the exit code: 0 for a clean end, 1 when it failed, 2 for a wrong command line, 128 +
   *     the signal's number when it was cancelled
   */
  public int run(Settings settings, String[] argv) {
    Settings resolved;
    try {
      resolved = resolved(settings);
    } catch (UserError e) {
      return report(Failure.of(e), MISUSED, settings);
    }
    Face face = Face.of(settings.text("console"), System.out, System.getenv());
    try {
      return run(resolved, argv, face);
    } catch (Exception e) {
      face.close();
      return report(Failure.of(e), FAILED, settings);
    }
  }

  private static Settings resolved(Settings settings) {
    if (!settings.find("engine").orElse("java").equals("java")) {
      throw new UserError(
          "a Java main has no --engine " + settings.text("engine"),
          "run the Python program of the block: //flink/python:" + settings.text("block"));
    }
    Map<String, String> values = new TreeMap<>(settings.values());
    values.computeIfPresent(
        "from-savepoint",
        (flag, choice) -> Savepoints.resolve(choice, settings.text("checkpoint-path")));
    return Settings.of(values);
  }

  private int run(Settings settings, String[] argv, Face face) throws Exception {
    // First of all: whatever of Flink is touched before would log to nowhere.
    Path log = LogFile.open(logFolder(settings), settings.text("block"), System.getenv());
    if (!LocalChecks.pass(settings, face)) {
      return FAILED;
    }
    Engine engine = Engine.of(settings);
    String kafka = Preflight.kafka(settings);
    if (!kafka.isEmpty()) {
      face.check(Check.ok("Kafka", kafka));
    }
    StreamExecutionEnvironment env = engine.environment();
    workflow.define(
        env,
        here -> Intake.of(Sources.open(here, settings)),
        streams -> Sinks.write(streams, results.apply(settings), settings),
        settings);
    RunOptions options = RunOptions.of(settings, this, argv);
    JobClient client = env.executeAsync(options.name());
    face.note("log: " + log);
    FlinkRest rest = new FlinkRest(engine.restAddress());
    try (StopSignals signals = new StopSignals()) {
      Course course = Follow.toEnd(client, rest, options, face, signals);
      return conclude(Conclusion.of(course, rest, options), options, face, settings);
    }
  }

  private static int conclude(
      Conclusion conclusion, RunOptions options, Face face, Settings settings)
      throws InterruptedException {
    if (options.embedded() && conclusion.summary().ended().atRest()) {
      Savepoints.tidy(options.statePath(), conclusion.summary().jobId(), TIDY_MS);
    }
    conclusion.notes().forEach(face::note);
    face.summary(conclusion.summary());
    return conclusion.failure() == null
        ? conclusion.exitCode()
        : report(conclusion.failure(), conclusion.exitCode(), settings);
  }

  private static int report(Failure failure, int exitCode, Settings settings) {
    System.err.println("error: " + failure.line());
    if (settings.is("verbose") && !failure.trace().isEmpty()) {
      System.err.println(failure.trace().stripTrailing());
    }
    return exitCode;
  }

  /** Beside the checkpoints; those on another machine's file system leave the log here. */
  private static Path logFolder(Settings settings) {
    return Savepoints.local(settings.text("checkpoint-path")).orElse(Path.of("")).resolve("logs");
  }
}
