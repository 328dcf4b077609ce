package io.flinkblocks.files;

import io.flinkblocks.source.EventTimeProgress;
import java.io.Serializable;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * One input file, and how far it is read.
 *
 * @param path absolute path; the split's id
 * @param size bytes on disk when the job was first started
 * @param firstStart when that was, in ms since the epoch
 * @param position bytes of its contents (decompressed) that are read
 * @param lines complete lines among them
 * @param midLine whether the position is inside a line that is too long
 * @param maxTimestamp the largest timestamp of a valid event, or {@link EventTimeProgress#NONE}
 * @param emitted the last emitted watermark, or {@link EventTimeProgress#NONE}
 * @param finished whether all of it is read
 */
record FileSplit(
    String path,
    long size,
    long firstStart,
    long position,
    long lines,
    boolean midLine,
    long maxTimestamp,
    long emitted,
    boolean finished)
    implements SourceSplit, Serializable {

  /** A file of which nothing is read. */
  static FileSplit unread(String path, long size, long firstStart) {
    return new FileSplit(
        path, size, firstStart, 0, 0, false, EventTimeProgress.NONE, EventTimeProgress.NONE, false);
  }

  @Override
  public String splitId() {
    return path;
  }

  boolean isGzip() {
    return path.endsWith(".gz");
  }
}
