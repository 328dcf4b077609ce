package io.flinkblocks.bench.ours;

import io.flinkblocks.bench.Arm;
import io.flinkblocks.bench.Run;
import io.flinkblocks.blocks.FlinkCommon;
import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.fraud.Fraud;
import io.flinkblocks.highvalue.HighValue;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.popularity.Popularity;
import io.flinkblocks.revenue.Revenue;
import io.flinkblocks.run.Block;
import io.flinkblocks.run.Workflow;
import io.flinkblocks.session.Sessions;
import io.flinkblocks.source.Intake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * This project's core, run by its Java main: preflight, console, accounting and all, with those of
 * the analyses wired that the workload asks for.
 */
public final class Ours implements Arm {
  /** An analysis: the name of its output, and how it is added to a job. */
  private record Analysis(
      String output, BiFunction<DataStream<Event>, Settings, DataStream<OutputRecord>> apply) {}

  private static final Map<String, Analysis> ANALYSES =
      Map.of(
          "revenue", new Analysis(Revenue.OUTPUT, Revenue::apply),
          "sessions", new Analysis(Sessions.OUTPUT, Sessions::apply),
          "fraud", new Analysis(Fraud.OUTPUT, Fraud::apply),
          "popularity", new Analysis(Popularity.OUTPUT, Popularity::apply),
          "high-value", new Analysis(HighValue.OUTPUT, HighValue::apply));

  /** None before the end: the block does not run without. */
  private static final String NEVER = "24h";

  @Override
  public void run(Run run) {
    Duration interval = run.state().checkpointInterval();
    String[] argv = {
      "--input-path",
      run.input().toString(),
      "--output-path",
      run.output().toString(),
      "--checkpoint-path",
      run.checkpoints().toString(),
      "--checkpoint-interval",
      interval.isZero() ? NEVER : interval.toSeconds() + "s",
      "--state-backend",
      run.state().backend(),
      "--parallelism",
      "1",
      "--console",
      "plain",
      "--verbose"
    };
    Settings settings = FlinkCommon.parse(argv, Map.of(), "streaming_analytics");
    List<Analysis> analyses = run.analyses().stream().map(ANALYSES::get).toList();
    Block block =
        new Block(
            "//tools/bench",
            analyses.stream().map(Analysis::output).toList(),
            (env, source, sinks, flags) -> define(env, source, sinks, flags, analyses));
    int code = block.run(settings, argv);
    if (code != 0) {
      throw new IllegalStateException("the block ended with exit code " + code);
    }
  }

  private static void define(
      StreamExecutionEnvironment env,
      Workflow.Source source,
      Workflow.Sinks sinks,
      Settings settings,
      List<Analysis> analyses) {
    Intake input = source.open(env);
    List<DataStream<OutputRecord>> outputs = new ArrayList<>();
    outputs.add(input.deadLetters());
    for (Analysis analysis : analyses) {
      outputs.add(analysis.apply().apply(input.events(), settings));
    }
    sinks.write(outputs);
  }
}
