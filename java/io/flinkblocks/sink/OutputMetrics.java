package io.flinkblocks.sink;

import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.source.Tally;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Measures what is handed to a sink, and passes it on: records by output ({@code
 * accounting.output.<output>}, see {@link Tally}), and the end-to-end latency.
 *
 * <p>Latency is the wall clock here minus the record's event time: how far behind the world the
 * results are. For old or generated input it is the age of that input.
 */
public final class OutputMetrics extends ProcessFunction<OutputRecord, OutputRecord>
    implements CheckpointedFunction {
  /** The histogram's name; milliseconds. */
  public static final String LATENCY = "end-to-end-latency-ms";

  private static final long serialVersionUID = 1;

  /** Of how many records the histogram knows; enough for a 99.9th percentile. */
  private static final int LATENCY_WINDOW = 5_000;

  private final List<String> outputs;
  private transient Tally tally;
  private transient Map<String, Tally.Count> counts;
  private transient Histogram latency;

  OutputMetrics(Collection<String> outputs) {
    this.outputs = List.copyOf(outputs);
  }

  /**
   * The same records, measured; for the sink to be chained behind.
   *
   * @param outputs all that the records may name
   */
  public static DataStream<OutputRecord> measured(
      DataStream<OutputRecord> records, Collection<String> outputs) {
    return records
        .process(new OutputMetrics(outputs), OutputRecord.TYPE)
        .name("output metrics")
        .uid("output-metrics");
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    tally = Tally.open("output", context, getRuntimeContext());
    counts = new HashMap<>();
    for (String output : outputs) {
      counts.put(output, tally.counter(output));
    }
    latency =
        getRuntimeContext()
            .getMetricGroup()
            .histogram(LATENCY, new DescriptiveStatisticsHistogram(LATENCY_WINDOW));
  }

  @Override
  public void processElement(OutputRecord record, Context context, Collector<OutputRecord> out) {
    Tally.Count count = counts.get(record.output());
    if (count == null) {
      throw new IllegalStateException(
          "a record for the output " + record.output() + ", but the sink has " + outputs);
    }
    count.increment();
    Long eventTime = context.timestamp();
    if (eventTime != null) {
      latency.update(System.currentTimeMillis() - eventTime);
    }
    out.collect(record);
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    tally.snapshot();
  }
}
