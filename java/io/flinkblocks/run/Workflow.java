package io.flinkblocks.run;

import io.flinkblocks.config.Settings;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.source.Intake;
import java.util.List;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What a block computes: it wires operators between any source and any sinks. */
@FunctionalInterface
public interface Workflow {
  /** Adds the block's operators to an environment. */
  void define(StreamExecutionEnvironment env, Source source, Sinks sinks, Settings settings);

  /** Opens the input. */
  @FunctionalInterface
  interface Source {
    /** The valid events and the dead letters of a source. */
    Intake open(StreamExecutionEnvironment env);
  }

  /** Where the results go. */
  @FunctionalInterface
  interface Sinks {
    /** Takes the streams of all outputs at once, so that they stay at one checkpoint. */
    void write(List<DataStream<OutputRecord>> streams);
  }
}
