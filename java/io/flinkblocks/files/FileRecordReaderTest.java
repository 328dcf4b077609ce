package io.flinkblocks.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.SourceRecord;
import io.flinkblocks.source.EndTogether;
import io.flinkblocks.source.SplitEmitter;
import io.flinkblocks.source.TestingEvents;
import io.flinkblocks.source.TestingReaderOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reader by itself, with Flink's output behind it, whose timer never runs. */
class FileRecordReaderTest {
  private static final long FUTURE_MS = 1_000;

  private static final String AT_THE_END = "watermark " + Long.MAX_VALUE;

  @TempDir Path folder;

  private final List<SourceEvent> reports = new ArrayList<>();

  private FileRecordReader<SourceRecord> reader;
  private TestingReaderOutput<SourceRecord> flink;

  /** Events named after their file and time, in seconds. */
  private FileSplit write(String name, int... seconds) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int second : seconds) {
      text.append(TestingEvents.json(name + second, second * 1000L)).append('\n');
    }
    Path file = folder.resolve(name.equals("z") ? "z.gz" : name);
    if (name.equals("z")) {
      try (GZIPOutputStream gzip = new GZIPOutputStream(Files.newOutputStream(file))) {
        gzip.write(text.toString().getBytes(UTF_8));
      }
    } else {
      Files.writeString(file, text);
    }
    return FileSplit.unread(file.toString(), Files.size(file), 1_000_000);
  }

  private void open(List<FileSplit> splits) {
    flink =
        new TestingReaderOutput<>(
            WatermarkStrategy.noWatermarks(),
            record -> record instanceof Event event ? event.eventId() : "dead letter");
    reader =
        new FileRecordReader<>(
            UnregisteredMetricsGroup.createSourceReaderMetricGroup(),
            new SplitEmitter(0),
            new EndTogether(reports::add),
            new FileEventSource.Format(FUTURE_MS).open());
    reader.addSplits(splits);
    // As Flink does it: before the first record.
    splits.forEach(split -> flink.output().createOutputForSplit(split.splitId()));
    reader.notifyNoMoreSplits();
  }

  private List<String> read(int polls) throws IOException {
    for (int i = 0; i < polls; i++) {
      if (reader.pollNext(flink.output()) != InputStatus.MORE_AVAILABLE) {
        break;
      }
    }
    return flink.take();
  }

  @Test
  void goesOnWithTheFileThatIsFurthestBehind() throws IOException {
    open(List.of(write("a", 20, 30, 31), write("b", 5, 6, 25), write("c", 1)));

    assertEquals(
        List.of(
            "a20",
            "b5",
            "c1",
            "watermark 999",
            "watermark 4999",
            "b6",
            "watermark 5999",
            "b25",
            "watermark 19999",
            "a30",
            "watermark 24999",
            "watermark 29999",
            "a31",
            "watermark 30999",
            AT_THE_END),
        read(100));
  }

  @Test
  void nothingIsReadBeforeAllFilesAreKnown() throws IOException {
    TestingReaderOutput<SourceRecord> output =
        new TestingReaderOutput<>(WatermarkStrategy.noWatermarks(), Object::toString);
    FileRecordReader<SourceRecord> early =
        new FileRecordReader<>(
            UnregisteredMetricsGroup.createSourceReaderMetricGroup(),
            new SplitEmitter(0),
            new EndTogether(reports::add),
            new FileEventSource.Format(0).open());
    early.addSplits(List.of(write("a", 1)));

    assertEquals(InputStatus.NOTHING_AVAILABLE, early.pollNext(output.output()));
    assertFalse(early.isAvailable().isDone());
    early.notifyNoMoreSplits();
    assertTrue(early.isAvailable().isDone());
    assertEquals(InputStatus.MORE_AVAILABLE, early.pollNext(output.output()));
  }

  @Test
  void readerWithoutFilesIsAtItsEndAtOnce() throws IOException {
    open(List.of());

    assertEquals(List.of(AT_THE_END), read(1));
    assertEquals(1, reports.size());
    assertFalse(reader.isAvailable().isDone());
  }

  @Test
  void checkpointAfterAnyStepGoesOnExactlyThere() throws IOException {
    List<FileSplit> files =
        List.of(write("a", 20, 30, 31), write("b", 5, 6, 25), write("c"), write("z", 7, 40));
    open(files);
    List<String> whole = read(100);
    for (int cut = 0; cut < 14; cut++) {
      open(files);
      List<String> both = new ArrayList<>(read(cut));
      List<FileSplit> state = reader.snapshotState(1);
      open(state);
      List<String> rest = read(100);

      // The watermark from before comes again; everything else goes on.
      rest.stream().filter(line -> !both.contains(line)).toList().forEach(both::add);
      assertEquals(whole, both, "cut after " + cut);
      assertEquals(List.of(), reader.snapshotState(2).stream().filter(s -> !s.finished()).toList());
    }
  }

  @Test
  void timestampsAreHeldAgainstTheFirstStart() throws IOException {
    open(List.of(write("a", 1_001, 1_002)));

    assertEquals(List.of("a1001", "watermark 1000999", "dead letter", AT_THE_END), read(100));
  }

  @Test
  void progressIsInBytesOnDisk() throws IOException {
    List<FileSplit> files = List.of(write("a", 1, 2), write("z", 3, 4));
    long total = files.stream().mapToLong(FileSplit::size).sum();
    open(files);
    assertEquals(0, reader.bytesRead());
    assertEquals(total, reader.bytesTotal());
    read(1);
    assertEquals(files.get(0).size() / 2, reader.bytesRead());
    read(100);
    assertEquals(total, reader.bytesRead());

    open(reader.snapshotState(1));
    assertEquals(total, reader.bytesRead());
    assertEquals(total, reader.bytesTotal());
  }

  @Test
  void fileMayGrowBehindTheStart() throws IOException {
    FileSplit split = write("a", 1);
    write("a", 1, 2);
    open(List.of(split));

    assertEquals(List.of("a1", "watermark 999", "a2", "watermark 1999", AT_THE_END), read(100));
  }

  @Test
  void watermarkOfAnEndedFileIsNotWaitedFor() throws IOException {
    open(List.of(write("a", 100), write("b", 1, 2)));
    List<String> seen = read(100);

    // Without a tick of Flink's timer.
    assertEquals(
        List.of("watermark 99999", AT_THE_END), seen.subList(seen.size() - 2, seen.size()));
  }
}
