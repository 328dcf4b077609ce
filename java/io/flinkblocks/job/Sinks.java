package io.flinkblocks.job;

import io.flinkblocks.config.Settings;
import io.flinkblocks.files.FileOutput;
import io.flinkblocks.kafka.KafkaOutput;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.types.Row;

/** The one sink of a job: all outputs go into it together, so that they stay at one checkpoint. */
public final class Sinks {
  private static final TypeInformation<Row> ROW =
      Types.ROW_NAMED(
          new String[] {"output", "key", "value"}, Types.STRING, Types.STRING, Types.STRING);

  /**
   * Writes to {@code --output-path} if it is set, else to {@code --kafka-servers}.
   *
   * @param streams results, late events, dead letters; at least one
   * @param results the names of the block's own outputs; late events and dead letters are added
   */
  public static void write(
      List<DataStream<OutputRecord>> streams, List<String> results, Settings settings) {
    Set<String> outputs = outputs(results);
    if (settings.find("output-path").isPresent()) {
      FileOutput.write(union(streams), outputs, settings);
    } else {
      KafkaOutput.write(union(streams), outputs, settings);
    }
  }

  /** All outputs of a block that has these results. */
  public static Set<String> outputs(List<String> results) {
    Set<String> outputs = new TreeSet<>(results);
    outputs.add(OutputRecord.LATE_EVENTS);
    outputs.add(OutputRecord.DEAD_LETTER);
    return outputs;
  }

  /**
   * The records as rows (output, key, value) of text, for whoever goes on in Python or SQL. Bytes
   * that are not UTF-8, which only dead letters can hold, become replacement characters.
   */
  public static DataStream<Row> rows(List<DataStream<OutputRecord>> streams) {
    return union(streams)
        .map(r -> Row.of(r.output(), text(r.key()), text(r.value())))
        .returns(ROW)
        .name("collected")
        .uid("collected");
  }

  private static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  @SuppressWarnings("unchecked") // an array of a generic type, which union takes as varargs
  private static DataStream<OutputRecord> union(List<DataStream<OutputRecord>> streams) {
    DataStream<OutputRecord> first = streams.get(0);
    return streams.size() == 1
        ? first
        : first.union(streams.subList(1, streams.size()).toArray(DataStream[]::new));
  }

  private Sinks() {}
}
