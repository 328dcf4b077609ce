package io.flinkblocks.run;

import io.flinkblocks.config.Settings;
import io.flinkblocks.console.Summary.Output;
import io.flinkblocks.output.OutputRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What run control has to know of a run.
 *
 * @param name of the job, for the summary
 * @param statePath the {@code --checkpoint-path}; savepoints go below it
 * @param bounded whether the input has an end: then a stop drains it, else it leaves a savepoint to
 *     resume from
 * @param durationMs wall clock from the time that all tasks run until it is stopped; 0 for no end
 * @param outputs what it writes, for the summary
 * @param analyses names of those that must appear in the accounting
 * @param command the command line of this run, for the one that resumes
 * @param resumed whether it continues from a savepoint, so that the counters include earlier runs
 * @param embedded whether the job lives in this JVM
 * @param verbose whether a failure shows its stack trace
 */
record RunOptions(
    String name,
    String statePath,
    boolean bounded,
    long durationMs,
    List<Output> outputs,
    List<String> analyses,
    List<String> command,
    boolean resumed,
    boolean embedded,
    boolean verbose) {
  private static final String START_SCRIPT = "flinkblocks.program";

  /**
   * Those of a block's run.
   *
   * @param argv its command line
   */
  static RunOptions of(Settings settings, Block block, String[] argv) {
    List<String> command = new ArrayList<>(program(block));
    command.addAll(List.of(argv));
    return new RunOptions(
        settings.text("app-name") + "-" + settings.text("block"),
        settings.text("checkpoint-path"),
        settings.find("kafka-servers").isEmpty() || settings.find("input-path").isPresent(),
        settings.find("duration").map(Long::parseLong).orElse(0L),
        outputs(block.results().apply(settings), settings),
        block.analyses().apply(settings),
        command,
        settings.find("from-savepoint").isPresent(),
        settings.find("target").isEmpty(),
        settings.is("verbose"));
  }

  /** What a user types up to the flags: another start script than Bazel's names itself. */
  private static List<String> program(Block block) {
    String script = System.getProperty(START_SCRIPT);
    return script == null
        ? List.of("./tools/bazelw", "run", block.target(), "--")
        : List.of(script);
  }

  private static List<Output> outputs(List<String> results, Settings settings) {
    List<String> names = new ArrayList<>(results);
    names.add(OutputRecord.LATE_EVENTS);
    names.add(OutputRecord.DEAD_LETTER);
    return names.stream().map(name -> output(name, settings)).toList();
  }

  private static Output output(String name, Settings settings) {
    if (settings.find("output-path").isPresent()) {
      String folder = Path.of(settings.text("output-path"), name).toString();
      return new Output(name, folder, "head " + ResumeCommand.quoted(folder) + "/*", null);
    }
    String prefix = settings.find("topic-prefix").orElse("");
    boolean dead = name.equals(OutputRecord.DEAD_LETTER);
    String topic = prefix + (dead ? settings.text("kafka-topic") + "-dlq" : name);
    String look =
        String.format(
            "kafka-console-consumer --bootstrap-server %s --topic %s --from-beginning"
                + " --isolation-level read_committed",
            settings.text("kafka-servers"), topic);
    return new Output(name, "topic " + topic, look, null);
  }
}
