package io.flinkblocks.files;

import io.flinkblocks.config.UserError;
import io.flinkblocks.source.EndTogether;
import io.flinkblocks.source.SplitEmitter;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/**
 * Reads the files of one subtask in the task's own thread.
 *
 * <p>It always goes on with the file whose event time is furthest behind. An order by name would
 * read the first file to its end while the others hold the watermark back, and every window of it
 * would pile up in state; this way only the events within the files' own disorder are held.
 *
 * @param <T> what is made of a line
 */
final class FileRecordReader<T> implements SourceReader<T, FileSplit> {
  // Each open file costs a descriptor and about 100 kB.
  private static final int MAX_OPEN = 256;

  private static final Comparator<Reading<?>> FURTHEST_BEHIND =
      Comparator.comparingLong((Reading<?> r) -> r.cursor.progress().maxTimestamp())
          .thenComparing(r -> r.cursor.id());

  private final SplitEmitter emitter;
  private final EndTogether ending;
  private final LineFormat.Lines<T> lines;
  private final Counter records;
  // Metrics are read by another thread.
  private final Map<String, FileCursor> cursors = new ConcurrentSkipListMap<>();
  private final CompletableFuture<Void> assigned = new CompletableFuture<>();

  private final PriorityQueue<Reading<T>> waiting = new PriorityQueue<>(FURTHEST_BEHIND);
  private Reading<T> current;
  private boolean started;
  private int open;

  private record Reading<T>(FileCursor cursor, SourceOutput<T> output) {}

  FileRecordReader(
      SourceReaderMetricGroup metrics,
      SplitEmitter emitter,
      EndTogether ending,
      LineFormat.Lines<T> lines) {
    this.emitter = emitter;
    this.ending = ending;
    this.lines = lines;
    this.records = metrics.getIOMetricGroup().getNumRecordsInCounter();
    metrics.gauge("inputBytesRead", (Gauge<Long>) this::bytesRead);
    metrics.gauge("inputBytesTotal", (Gauge<Long>) this::bytesTotal);
  }

  long bytesRead() {
    return cursors.values().stream().mapToLong(FileCursor::bytesRead).sum();
  }

  long bytesTotal() {
    return cursors.values().stream().mapToLong(FileCursor::size).sum();
  }

  @Override
  public void start() {}

  @Override
  public void addSplits(List<FileSplit> splits) {
    splits.forEach(split -> cursors.put(split.splitId(), new FileCursor(split)));
  }

  @Override
  public void notifyNoMoreSplits() {
    assigned.complete(null);
  }

  /** Complete when all files are known: before that, one would not hold the watermark back. */
  @Override
  public CompletableFuture<Void> isAvailable() {
    return ending.available(assigned);
  }

  @Override
  public void handleSourceEvents(SourceEvent event) {
    ending.handle(event);
  }

  @Override
  public InputStatus pollNext(ReaderOutput<T> output) throws IOException {
    if (!assigned.isDone()) {
      return InputStatus.NOTHING_AVAILABLE;
    }
    if (!started) {
      begin(output);
    }
    if (current == null) {
      return ending.poll(output);
    }
    T record = next(current.cursor);
    if (record == null) {
      end(output);
      return InputStatus.MORE_AVAILABLE;
    }
    records.inc();
    emitter.emit(record, lines.timestamp(record), current.output, current.cursor.progress());
    Reading<T> other = waiting.peek();
    if (other != null && FURTHEST_BEHIND.compare(other, current) < 0) {
      waiting.add(current);
      current = waiting.poll();
    }
    return InputStatus.MORE_AVAILABLE;
  }

  private void begin(ReaderOutput<T> output) {
    started = true;
    for (FileCursor cursor : cursors.values()) {
      SourceOutput<T> own = output.createOutputForSplit(cursor.id());
      if (cursor.isFinished()) {
        output.releaseOutputForSplit(cursor.id());
      } else {
        emitter.resume(own, cursor.progress());
        waiting.add(new Reading<>(cursor, own));
      }
    }
    current = waiting.poll();
  }

  private T next(FileCursor cursor) throws IOException {
    if (!cursor.isOpen()) {
      if (open >= MAX_OPEN) {
        closeOne();
      }
      open++;
    }
    try {
      return cursor.next(lines);
    } catch (UserError e) {
      // The file will not be another at the next attempt.
      throw new SuppressRestartsException(e);
    }
  }

  /**
   * Closes the file that is needed last. A .gz file stays open whatever their number: to take it up
   * again would mean to decompress it from its start.
   */
  private void closeOne() throws IOException {
    Reading<T> last =
        waiting.stream()
            .filter(r -> r.cursor.isOpen() && !r.cursor.isGzip())
            .max(FURTHEST_BEHIND)
            .orElse(null);
    if (last != null) {
      last.cursor.close();
      open--;
    }
  }

  private void end(ReaderOutput<T> output) throws IOException {
    current.cursor.close();
    open--;
    output.releaseOutputForSplit(current.cursor.id());
    current = waiting.poll();
    if (current != null) {
      // The file that ended may have held the watermark back. To announce that another is active
      // makes Flink look at once: left to its timer, lateness would depend on the wall clock.
      current.output.markActive();
    }
  }

  @Override
  public List<FileSplit> snapshotState(long checkpointId) {
    return cursors.values().stream().map(FileCursor::snapshot).toList();
  }

  @Override
  public void close() throws IOException {
    for (FileCursor cursor : cursors.values()) {
      cursor.close();
    }
  }
}
