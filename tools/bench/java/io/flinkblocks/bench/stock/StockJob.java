package io.flinkblocks.bench.stock;

import io.flinkblocks.bench.Arm;
import io.flinkblocks.bench.Run;
import io.flinkblocks.bench.stock.windowing.Global;
import io.flinkblocks.bench.stock.windowing.MultiLevel;
import io.flinkblocks.bench.stock.windowing.Patterns;
import io.flinkblocks.bench.stock.windowing.Sliding;
import io.flinkblocks.bench.stock.windowing.Spikes;
import io.flinkblocks.bench.stock.windowing.Tumbling;
import io.flinkblocks.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;

/**
 * What somebody who knows Flink well writes by hand: the file source, Jackson to a POJO, periodic
 * watermarks with bounded disorder, stock window operators with incremental aggregation, keyed
 * state, the file sink. Object reuse is off for streaming_analytics, as Flink has it by default,
 * and on for windowing_aggregations.
 *
 * <p>The results are those of the contract. Where stock operators cannot do the same:
 *
 * <ul>
 *   <li>Validation: presence, length and ranges of the fields, as one reason; Jackson's tree is not
 *       searched for lone surrogates, depth, or the order of reasons. Of a duplicate key the last
 *       one counts here too.
 *   <li>Watermarks come every 200 ms of wall clock, so what is late depends on the speed of the
 *       run. A sliding event of which some windows are closed is not counted.
 *   <li>A session ends 1 ms before the contract's; a corrected one does not retract the record that
 *       it replaces.
 *   <li>There is no accounting.
 * </ul>
 */
public final class StockJob implements Arm {
  private static final Duration DISORDER = Duration.ofSeconds(5);

  @Override
  public void run(Run run) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(conf(run));
    SingleOutputStreamOperator<ShopEvent> events = events(env, run);
    DataStream<OutputLine> outputs = events.getSideOutput(ParseEvents.INVALID);
    for (DataStream<OutputLine> output : analyses(events, run)) {
      outputs = outputs.union(output);
    }
    FileSink<OutputLine> sink =
        FileSink.forRowFormat(new Path(run.output().toUri()), new OutputLine.Encoding())
            .withBucketAssigner(new OutputLine.Bucket())
            .withRollingPolicy(OnCheckpointRollingPolicy.build())
            .build();
    outputs.sinkTo(sink);
    env.execute("stock-" + String.join("-", run.analyses()));
  }

  private static Configuration conf(Run run) {
    Configuration conf = new Configuration();
    conf.set(ExecutionOptions.RUNTIME_MODE, RuntimeExecutionMode.STREAMING);
    conf.set(CoreOptions.DEFAULT_PARALLELISM, 1);
    conf.set(PipelineOptions.OBJECT_REUSE, run.block().equals("windowing_aggregations"));
    run.state().configure(conf, run.checkpoints());
    return conf;
  }

  private static SingleOutputStreamOperator<ShopEvent> events(
      StreamExecutionEnvironment env, Run run) {
    FileSource<byte[]> file =
        FileSource.forRecordStreamFormat(new LineFormat(), new Path(run.input().toUri())).build();
    return env.fromSource(file, WatermarkStrategy.noWatermarks(), "source")
        .process(new ParseEvents())
        .name("parse");
  }

  private static List<DataStream<OutputLine>> analyses(
      SingleOutputStreamOperator<ShopEvent> parsed, Run run) {
    DataStream<ShopEvent> events =
        parsed.assignTimestampsAndWatermarks(
            WatermarkStrategy.<ShopEvent>forBoundedOutOfOrderness(DISORDER)
                .withTimestampAssigner((event, previous) -> event.timestamp));
    Settings settings = run.settings();
    List<DataStream<OutputLine>> outputs = new ArrayList<>();
    for (String analysis : run.analyses()) {
      switch (analysis) {
        case "revenue" -> outputs.add(Revenue.of(events));
        case "popularity" -> outputs.add(Popularity.of(events));
        case "sessions" -> outputs.add(Sessions.of(events));
        case "fraud" -> outputs.add(Fraud.of(events));
        case "high-value" -> outputs.add(HighValue.of(events));
        case "tumbling" -> outputs.add(Tumbling.of(events, settings));
        case "sliding" -> outputs.add(Sliding.of(events, settings));
        case "session" -> outputs.add(Sessions.of(events, settings));
        case "global" -> outputs.add(Global.of(events, settings));
        case "multi_level" -> outputs.add(MultiLevel.of(events));
        case "pattern" -> outputs.addAll(List.of(Patterns.of(events), Spikes.of(events)));
        default -> throw new IllegalArgumentException("no analysis " + analysis);
      }
    }
    return outputs;
  }
}
