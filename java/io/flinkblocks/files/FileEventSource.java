package io.flinkblocks.files;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.event.SourceRecord;
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
 * Events from files of JSON lines, plain or gzip; bounded.
 *
 * <p>Each file is a split with a watermark of its own, and all are assigned before the first line
 * is read, so a file that is not read yet holds the others back: which subtask reads which file,
 * and when, does not change what is late within the out-of-orderness. The files are those of the
 * job's first start; a restart goes on in each at the very byte where the checkpoint stood.
 *
 * <p>The metrics {@code inputBytesRead} and {@code inputBytesTotal} of each reader are bytes on
 * disk.
 */
public final class FileEventSource implements Source<SourceRecord, FileSplit, List<FileSplit>> {
  /** Uid and name of the step; state is found by it. */
  public static final String UID = "source";

  private static final long serialVersionUID = 1;

  private final ArrayList<FileSplit> files;
  private final long maxOutOfOrderness;
  private final long maxFuture;

  private FileEventSource(List<FileSplit> files, long maxOutOfOrderness, long maxFuture) {
    this.files = new ArrayList<>(files);
    this.maxOutOfOrderness = maxOutOfOrderness;
    this.maxFuture = maxFuture;
  }

  /**
   * The source of {@code --input-path}, a file or a folder.
   *
   * @param now the time, in ms since the epoch: a job that does not resume remembers it as its
   *     first start, and timestamps may be {@code --max-future} ahead of it
   * @throws UserError when there is nothing to read, or a file cannot be opened
   */
  public static FileEventSource of(Settings settings, long now) {
    List<FileSplit> files =
        InputFiles.list(settings.text("input-path")).stream()
            .map(file -> FileSplit.unread(file.toString(), file.toFile().length(), now))
            .toList();
    return new FileEventSource(
        files, settings.millis("max-out-of-orderness"), settings.millis("max-future"));
  }

  /**
   * The records of {@code --input-path}.
   *
   * @throws UserError when there is nothing to read, or a file cannot be opened
   */
  public static DataStream<SourceRecord> stream(StreamExecutionEnvironment env, Settings settings) {
    FileEventSource source = of(settings, System.currentTimeMillis());
    // More readers than files would have nothing to do.
    int parallelism = Math.min(env.getParallelism(), source.files.size());
    return env.fromSource(source, WatermarkStrategy.noWatermarks(), UID, SourceRecord.TYPE)
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
  public SourceReader<SourceRecord, FileSplit> createReader(SourceReaderContext context) {
    return new FileEventReader(
        context.metricGroup(),
        new SplitEmitter(maxOutOfOrderness),
        new EndTogether(context::sendSourceEventToCoordinator),
        maxFuture);
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
