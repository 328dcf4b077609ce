package io.flinkblocks.blocks;

import io.flinkblocks.config.Settings;
import io.flinkblocks.revenue.Revenue;
import io.flinkblocks.run.Block;
import io.flinkblocks.run.Workflow;
import io.flinkblocks.source.Intake;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * streaming_analytics: what a shop sells, minute by minute, from the stream of its events.
 *
 * <pre>
 * bazel run //flink/java:StreamingAnalytics                                 10,000 generated events
 * bazel run //flink/java:StreamingAnalytics -- --input-path events.jsonl    a file
 * bazel run //flink/java:StreamingAnalytics -- --kafka-servers HOST:PORT    Kafka in, Kafka out
 * </pre>
 *
 * <p>Results go to {@code revenue-metrics}: one record per category and minute with a purchase.
 * Events that come after their window was emitted go to {@code late-events}, records that are no
 * events to the dead-letter output. Nothing is lost, and the summary at the end accounts for every
 * record.
 *
 * <p>The Python driver of the same name takes the same flags and builds the same job: a savepoint
 * of one resumes in the other.
 */
public final class StreamingAnalytics {
  private static final Block BLOCK =
      new Block(
          "//flink/java:StreamingAnalytics",
          List.of(Revenue.OUTPUT),
          StreamingAnalytics::defineWorkflow);

  private StreamingAnalytics() {}

  /**
   * Wires the operators; any source and sinks will do.
   *
   * @param source opens the input
   * @param sinks takes all outputs at once, so that they stay at one checkpoint
   * @param settings the flags of the run
   */
  static void defineWorkflow(
      StreamExecutionEnvironment env,
      Workflow.Source source,
      Workflow.Sinks sinks,
      Settings settings) {
    Intake input = source.open(env);
    sinks.write(List.of(input.deadLetters(), Revenue.apply(input.events(), settings)));
  }

  /** Runs the block as its command line says. */
  public static void main(String[] argv) {
    Settings settings = FlinkCommon.parse(argv, System.getenv(), "streaming_analytics");
    System.exit(BLOCK.run(settings, argv));
  }
}
