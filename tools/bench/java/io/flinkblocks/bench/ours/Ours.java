package io.flinkblocks.bench.ours;

import io.flinkblocks.bench.Arm;
import io.flinkblocks.bench.Run;
import io.flinkblocks.blocks.FlinkCommon;
import io.flinkblocks.config.Settings;
import io.flinkblocks.event.Event;
import io.flinkblocks.fraud.Fraud;
import io.flinkblocks.global.GlobalWindows;
import io.flinkblocks.highvalue.HighValue;
import io.flinkblocks.measures.MultiLevel;
import io.flinkblocks.measures.Sliding;
import io.flinkblocks.measures.Tumbling;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.pattern.Patterns;
import io.flinkblocks.popularity.Popularity;
import io.flinkblocks.revenue.Revenue;
import io.flinkblocks.run.Block;
import io.flinkblocks.run.Workflow;
import io.flinkblocks.session.SessionWindows;
import io.flinkblocks.session.Sessions;
import io.flinkblocks.source.Intake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * This project's core, run by its Java main: preflight, console, accounting and all, with those of
 * the analyses wired that the workload asks for. Changes of tables are {@link Tables}.
 */
public final class Ours implements Arm {
  /**
   * An analysis.
   *
   * @param output its name
   * @param accounts of it
   * @param apply adds it to a job
   */
  private record Analysis(
      String output,
      List<String> accounts,
      BiFunction<DataStream<Event>, Settings, DataStream<OutputRecord>> apply) {
    Analysis(
        String output, BiFunction<DataStream<Event>, Settings, DataStream<OutputRecord>> apply) {
      this(output, List.of(output), apply);
    }
  }

  private static final Map<String, Analysis> ANALYSES =
      Map.ofEntries(
          Map.entry("revenue", new Analysis(Revenue.OUTPUT, Revenue::apply)),
          Map.entry("sessions", new Analysis(Sessions.OUTPUT, Sessions::apply)),
          Map.entry("fraud", new Analysis(Fraud.OUTPUT, Fraud::apply)),
          Map.entry("popularity", new Analysis(Popularity.OUTPUT, Popularity::apply)),
          Map.entry("high-value", new Analysis(HighValue.OUTPUT, HighValue::apply)),
          Map.entry("tumbling", new Analysis(Tumbling.OUTPUT, Tumbling::apply)),
          Map.entry("sliding", new Analysis(Sliding.OUTPUT, Sliding::apply)),
          Map.entry("session", new Analysis(SessionWindows.OUTPUT, SessionWindows::apply)),
          Map.entry("global", new Analysis(GlobalWindows.OUTPUT, GlobalWindows::apply)),
          Map.entry("multi_level", new Analysis(MultiLevel.OUTPUT, MultiLevel::apply)),
          Map.entry(
              "pattern",
              new Analysis(
                  Patterns.OUTPUT, List.of(Patterns.OUTPUT, Patterns.SPIKES), Patterns::apply)));

  /** None before the end: the block does not run without. */
  private static final String NEVER = "24h";

  @Override
  public void run(Run run) throws Exception {
    if (run.readsChanges()) {
      new Tables().run(run);
      return;
    }
    String[] argv = argv(run);
    List<Analysis> analyses = run.analyses().stream().map(ANALYSES::get).toList();
    List<String> outputs = analyses.stream().map(Analysis::output).toList();
    List<String> accounts = analyses.stream().flatMap(each -> each.accounts().stream()).toList();
    Block block =
        new Block(
            "//tools/bench",
            settings -> outputs,
            settings -> accounts,
            (env, source, sinks, flags) -> define(env, source, sinks, flags, analyses));
    int code = block.run(FlinkCommon.parse(argv, Map.of(), run.block()), argv);
    if (code != 0) {
      throw new IllegalStateException("the block ended with exit code " + code);
    }
  }

  private static String[] argv(Run run) {
    Duration interval = run.state().checkpointInterval();
    List<String> common =
        List.of(
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
            "--verbose");
    return Stream.concat(common.stream(), run.flags().stream()).toArray(String[]::new);
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
