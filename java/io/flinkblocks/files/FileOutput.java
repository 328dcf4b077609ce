package io.flinkblocks.files;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.output.DeadLetters;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.sink.OutputMetrics;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Collection;
import org.apache.flink.api.common.serialization.Encoder;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.sink.filesystem.BucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.SimpleVersionedStringSerializer;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;

/** The file side of a job's one sink: JSON lines, exactly once, a folder for each output. */
public final class FileOutput {
  /**
   * Writes every record as one line of a part file in {@code <output-path>/<output>/}.
   *
   * <p>Prepares the folder first. Each checkpoint ends the open files, and its completion makes
   * them visible: until then their names begin with a dot. The names carry a random id, so subtasks
   * and restarts do not meet.
   *
   * @param outputs all that the records may name
   * @throws UserError when the folder does not serve, see {@link OutputFolder#prepare}
   */
  public static void write(
      DataStream<OutputRecord> records, Collection<String> outputs, Settings settings) {
    Path folder = Path.fromLocalFile(OutputFolder.prepare(outputs, settings).toFile());
    FileSink<OutputRecord> sink =
        FileSink.forRowFormat(folder, new Lines())
            .withBucketAssigner(new ByOutput())
            .withRollingPolicy(OnCheckpointRollingPolicy.build())
            .withOutputFileConfig(
                OutputFileConfig.builder()
                    // By these names the folder knows the block's files.
                    .withPartPrefix(settings.text("block"))
                    .withPartSuffix(OutputFolder.SUFFIX)
                    .build())
            .build();
    OutputMetrics.measured(records, outputs).sinkTo(sink).name("sink").uid("sink");
  }

  /** One record, one line. */
  static final class Lines implements Encoder<OutputRecord> {
    private static final long serialVersionUID = 1;

    @Override
    public void encode(OutputRecord record, OutputStream out) throws IOException {
      byte[] line =
          record.output().equals(OutputRecord.DEAD_LETTER)
              ? DeadLetters.toJsonLine(record)
              : record.value();
      // One write, as the stream below has no buffer.
      byte[] text = Arrays.copyOf(line, line.length + 1);
      for (int i = 0; i < line.length; i++) {
        // A record is one line whatever wrote its JSON: line breaks can only stand between tokens,
        // where a blank says the same.
        if (text[i] == '\n' || text[i] == '\r') {
          text[i] = ' ';
        }
      }
      text[line.length] = '\n';
      out.write(text);
    }
  }

  private static final class ByOutput implements BucketAssigner<OutputRecord, String> {
    private static final long serialVersionUID = 1;

    @Override
    public String getBucketId(OutputRecord record, Context context) {
      return record.output();
    }

    @Override
    public SimpleVersionedSerializer<String> getSerializer() {
      return SimpleVersionedStringSerializer.INSTANCE;
    }
  }

  private FileOutput() {}
}
