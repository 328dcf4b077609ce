package io.flinkblocks.blocks;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.fraud.Fraud;
import io.flinkblocks.highvalue.HighValue;
import io.flinkblocks.popularity.Popularity;
import io.flinkblocks.revenue.Revenue;
import io.flinkblocks.run.Block;
import io.flinkblocks.run.Workflow;
import io.flinkblocks.session.Sessions;
import io.flinkblocks.source.Intake;
import java.util.List;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * streaming_analytics: what happens in a shop, from the stream of its events.
 *
 * <pre>
 * bazel run //flink/java:StreamingAnalytics                                 10,000 generated events
 * bazel run //flink/java:StreamingAnalytics -- --input-path events.jsonl    a file
 * bazel run //flink/java:StreamingAnalytics -- --kafka-servers HOST:PORT    Kafka in, Kafka out
 * </pre>
 *
 * <p>Five analyses of the same events, each an output of its own:
 *
 * <ul>
 *   <li>{@code revenue-metrics}: what each category sold, minute by minute;
 *   <li>{@code user-sessions}: what each user did, visit by visit;
 *   <li>{@code analytics-results}: the most popular products of each category, in sliding windows;
 *   <li>{@code fraud-alerts}: purchases that four rules find suspicious;
 *   <li>{@code high-value-transactions}: purchases of at least a given amount.
 * </ul>
 *
 * <p>Events that come after their result was emitted go to {@code late-events}, records that are no
 * events to the dead-letter output. Nothing is lost, and the summary at the end accounts for every
 * record.
 *
 * <p>The Python driver of the same name takes the same flags and builds the same job: a savepoint
 * of one resumes in the other.
 */
public final class StreamingAnalytics {
  static final List<String> RESULTS =
      List.of(Revenue.OUTPUT, Sessions.OUTPUT, Popularity.OUTPUT, Fraud.OUTPUT, HighValue.OUTPUT);

  private static final Block BLOCK =
      new Block("//flink/java:StreamingAnalytics", RESULTS, StreamingAnalytics::defineWorkflow);

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
    DataStream<Event> events = input.events();
    sinks.write(
        List.of(
            input.deadLetters(),
            Revenue.apply(events, settings),
            Sessions.apply(events, settings),
            Popularity.apply(events, settings),
            Fraud.apply(events, settings),
            HighValue.apply(events, settings)));
  }

  /** Runs the block as its command line says. */
  public static void main(String[] argv) {
    Settings settings = FlinkCommon.parse(argv, System.getenv(), "streaming_analytics");
    System.exit(BLOCK.run(settings, argv));
  }
}
