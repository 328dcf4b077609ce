package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/**
 * An analysis run as a job of four subtasks on given events, as strict as the blocks are: no step
 * without uid, no type without serializer.
 *
 * @param values of all records, sorted
 * @param counts the accumulators at the end
 */
public record TestingJob(List<String> values, Map<String, Object> counts) {
  /** How far events may be out of order, in ms: the watermark is so far behind, and 1 ms. */
  public static final long DISORDER = 5_000;

  /** Runs to the end. */
  public static TestingJob run(
      List<Event> events, Function<DataStream<Event>, DataStream<OutputRecord>> analysis)
      throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(4, configuration);
    CloseableIterator<OutputRecord> records = analysis.apply(source(env, events)).collectAsync();
    JobClient job = env.executeAsync("analysis");
    List<String> values = new ArrayList<>();
    records.forEachRemaining(
        record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
    return new TestingJob(
        values.stream().sorted().toList(),
        job.getJobExecutionResult().get().getAllAccumulatorResults());
  }

  private static DataStream<Event> source(StreamExecutionEnvironment env, List<Event> events) {
    return env.fromData(events, Event.TYPE)
        .uid("events")
        .assignTimestampsAndWatermarks(
            WatermarkStrategy.<Event>forGenerator(context -> new BehindTheLatest())
                .withTimestampAssigner((event, timestamp) -> event.timestamp()))
        .setParallelism(1)
        .uid("watermarks");
  }

  /** After each event at once, so that lateness depends on the events alone. */
  private static final class BehindTheLatest implements WatermarkGenerator<Event> {
    private long latest = Long.MIN_VALUE + DISORDER + 1;

    @Override
    public void onEvent(Event event, long timestamp, WatermarkOutput output) {
      latest = Math.max(latest, timestamp);
      output.emitWatermark(new Watermark(latest - DISORDER - 1));
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      // Nothing is left to say.
    }
  }
}
