package io.flinkblocks.lake;

import io.flinkblocks.cdc.Audit;
import io.flinkblocks.cdc.Change;
import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;

/**
 * The audit trail as Parquet below {@code --lake-path}, partitioned as Hive does it: {@code
 * table=orders/date=2026-11-22/}, the day in UTC of the commit in the source.
 *
 * <p>Each checkpoint ends the open files, and its completion makes them visible: until then their
 * names begin with a dot, which readers of Parquet folders pass over.
 */
public final class Lake {
  /** Uid and name of the sink. */
  public static final String UID = "lake";

  private static final String SUFFIX = ".parquet";

  /**
   * Writes every change that the audit trail has.
   *
   * @throws UserError as {@link #check} does
   */
  public static void write(DataStream<Change> rows, Settings settings) {
    check(settings);
    java.nio.file.Path folder = folder(settings);
    FileSink<Change> sink =
        FileSink.forBulkFormat(Path.fromLocalFile(folder.toFile()), new ParquetChanges())
            .withBucketAssigner(new Partitions())
            .withOutputFileConfig(
                OutputFileConfig.builder()
                    .withPartPrefix(settings.text("block"))
                    .withPartSuffix(SUFFIX)
                    .build())
            .build();
    rows.filter(Audit::matches)
        .name(UID + "-changes")
        .uid(UID + "-changes")
        .sinkTo(sink)
        .name(UID)
        .uid(UID);
  }

  /**
   * Looks whether a run may write there: a lake is never deleted by one, as it may be all that is
   * left of what it tells.
   *
   * @throws UserError when the run begins anew and the folder has records already: they would be
   *     there twice
   */
  public static void check(Settings settings) {
    if (settings.find("from-savepoint").isEmpty()) {
      requireNoRecords(folder(settings));
    }
  }

  private static java.nio.file.Path folder(Settings settings) {
    return java.nio.file.Path.of(settings.text("lake-path")).toAbsolutePath();
  }

  private static void requireNoRecords(java.nio.file.Path folder) {
    try (Stream<java.nio.file.Path> files =
        Files.exists(folder) ? Files.walk(folder) : Stream.of()) {
      if (files.anyMatch(file -> file.getFileName().toString().endsWith(SUFFIX))) {
        throw new UserError(
            "--lake-path: " + folder + " has the records of an earlier run",
            "go on with --from-savepoint latest, name another folder, or delete it");
      }
    } catch (IOException e) {
      throw new UserError("--lake-path: " + folder + " cannot be read: " + e, "correct the path");
    }
  }

  private Lake() {}
}
