package io.flinkblocks.blocks;

import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.global.GlobalWindows;
import io.flinkblocks.measures.MultiLevel;
import io.flinkblocks.measures.Sliding;
import io.flinkblocks.measures.Tumbling;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.pattern.Patterns;
import io.flinkblocks.run.Block;
import io.flinkblocks.run.Workflow;
import io.flinkblocks.session.SessionWindows;
import io.flinkblocks.source.Intake;
import io.flinkblocks.source.LatePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * windowing_aggregations: six kinds of windows over one stream of shop events.
 *
 * <pre>
 * bazel run //flink/java:WindowingAggregations                                10,000 generated events
 * bazel run //flink/java:WindowingAggregations -- --window-types sliding      one kind of window
 * bazel run //flink/java:WindowingAggregations -- --input-path events.jsonl   a file
 * bazel run //flink/java:WindowingAggregations -- --kafka-servers HOST:PORT   Kafka in, Kafka out
 * </pre>
 *
 * <p>Each kind is an output of its own, and all of them share one parse of the events:
 *
 * <ul>
 *   <li>{@code windowing-tumbling}: what each category did, in windows one after the other;
 *   <li>{@code windowing-sliding}: the same in windows that overlap, and how the revenue changed;
 *   <li>{@code windowing-session}: what each user did, visit by visit;
 *   <li>{@code windowing-global}: the prices of each product, after so many events or so much time;
 *   <li>{@code windowing-multi_level}: each category by minute, 5 minutes and hour, each level made
 *       of the one below;
 *   <li>{@code windowing-pattern}: what users do in a telling order, and minutes in which a
 *       category's traffic jumps.
 * </ul>
 *
 * <p>Late events correct what has been emitted within {@code --allowed-lateness}; after that they
 * go to {@code late-events}, unless {@code --late-policy} drops them. Records that are no events go
 * to the dead-letter output. The summary at the end accounts for every record, dropped or not.
 *
 * <p>The Python driver of the same name takes the same flags and builds the same job: a savepoint
 * of one resumes in the other.
 */
public final class WindowingAggregations {
  private static final List<Type> TYPES =
      List.of(
          new Type("tumbling", Tumbling.OUTPUT, Tumbling::apply),
          new Type("sliding", Sliding.OUTPUT, Sliding::apply),
          new Type("session", SessionWindows.OUTPUT, SessionWindows::apply),
          new Type("global", GlobalWindows.OUTPUT, GlobalWindows::apply),
          new Type("multi_level", MultiLevel.OUTPUT, MultiLevel::apply),
          new Type("pattern", Patterns.OUTPUT, Patterns::apply));

  private static final Block BLOCK =
      new Block(
          "//flink/java:WindowingAggregations",
          WindowingAggregations::results,
          WindowingAggregations::analyses,
          WindowingAggregations::defineWorkflow);

  /**
   * A type of window.
   *
   * @param name in {@code --window-types}
   * @param output the name of its output
   * @param operator makes that of the events
   */
  private record Type(
      String name,
      String output,
      BiFunction<DataStream<Event>, Settings, DataStream<OutputRecord>> operator) {

    DataStream<OutputRecord> records(DataStream<Event> events, Settings settings) {
      return LatePolicy.apply(operator.apply(events, settings), settings, output + "-late-policy");
    }
  }

  private WindowingAggregations() {}

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
    List<DataStream<OutputRecord>> streams = new ArrayList<>();
    streams.add(input.deadLetters());
    types(settings).forEach(type -> streams.add(type.records(input.events(), settings)));
    sinks.write(streams);
  }

  /** The types that are asked for. */
  private static List<Type> types(Settings settings) {
    List<String> names = List.of(settings.text("window-types").split(","));
    return TYPES.stream().filter(type -> names.contains(type.name())).toList();
  }

  /** The outputs of the types that are asked for. */
  static List<String> results(Settings settings) {
    return types(settings).stream().map(Type::output).toList();
  }

  /** What has accounts: the outputs, and the spikes, whose records go to windowing-pattern. */
  static List<String> analyses(Settings settings) {
    List<String> names = new ArrayList<>(results(settings));
    if (names.contains(Patterns.OUTPUT)) {
      names.add(Patterns.SPIKES);
    }
    return names;
  }

  /** Runs the block as its command line says. */
  public static void main(String[] argv) {
    Settings settings = FlinkCommon.parse(argv, System.getenv(), "windowing_aggregations");
    System.exit(BLOCK.run(settings, argv));
  }
}
