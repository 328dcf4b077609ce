package io.flinkblocks.files;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.source.EndTogether;
import io.flinkblocks.source.FixedSplitsEnumerator;
import io.flinkblocks.source.SplitEmitter;
import io.flinkblocks.source.SplitListSerializer;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Records from files of lines, plain or gzip; bounded.
 *
 * <p>Each file is a split with a watermark of its own, and all are assigned before the first line
 * is read, so a file that is not read yet holds the others back: which subtask reads which file,
 * and when, does not change what is late within the out-of-orderness. The files are those of the
 * job's first start; a restart goes on in each at the very byte where the checkpoint stood.
 *
 * <p>The metrics {@code inputBytesRead} and {@code inputBytesTotal} of each reader are bytes on
 * disk.
 *
 * @param <T> what the format makes of a line
 */
public final class FileRecordSource<T> implements Source<T, FileSplit, List<FileSplit>> {
  /** Uid and name of the step; state is found by it. */
  public static final String UID = "source";

  private static final long serialVersionUID = 1;

  private final ArrayList<FileSplit> files;
  private final LineFormat<T> format;
  private final long maxOutOfOrderness;

  private FileRecordSource(List<FileSplit> files, LineFormat<T> format, long maxOutOfOrderness) {
    this.files = new ArrayList<>(files);
    this.format = format;
    this.maxOutOfOrderness = maxOutOfOrderness;
  }

  /**
   * The records of {@code --input-path}, a file or a folder. A job that does not resume remembers
   * the time of this call as its first start.
   *
   * @param settings {@code input-path}, {@code max-out-of-orderness}
   * @throws UserError when there is nothing to read, or a file cannot be opened
   */
  public static <T> DataStream<T> stream(
      StreamExecutionEnvironment env, Settings settings, LineFormat<T> format) {
    long now = System.currentTimeMillis();
    List<FileSplit> files =
        InputFiles.list(settings.text("input-path")).stream()
            .map(file -> FileSplit.unread(file.toString(), file.toFile().length(), now))
            .toList();
    FileRecordSource<T> source =
        new FileRecordSource<>(files, format, settings.millis("max-out-of-orderness"));
    // More readers than files would have nothing to do.
    int parallelism = Math.min(env.getParallelism(), files.size());
    return env.fromSource(source, WatermarkStrategy.noWatermarks(), UID, format.type())
        .setParallelism(parallelism)
        .uid(UID);
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public SplitEnumerator<FileSplit, List<FileSplit>> createEnumerator(
      SplitEnumeratorContext<FileSplit> context) {
    return new FixedSplitsEnumerator<>(context, files);
  }

  @Override
  public SplitEnumerator<FileSplit, List<FileSplit>> restoreEnumerator(
      SplitEnumeratorContext<FileSplit> context, List<FileSplit> unassigned) {
    return new FixedSplitsEnumerator<>(context, unassigned);
  }

  @Override
  public SourceReader<T, FileSplit> createReader(SourceReaderContext context) {
    return new FileRecordReader<>(
        context.metricGroup(),
        new SplitEmitter(maxOutOfOrderness),
        new EndTogether(context::sendSourceEventToCoordinator),
        format.open());
  }

  @Override
  public SimpleVersionedSerializer<FileSplit> getSplitSerializer() {
    return new FileSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<List<FileSplit>> getEnumeratorCheckpointSerializer() {
    return new SplitListSerializer<>(getSplitSerializer());
  }
}
