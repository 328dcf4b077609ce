package io.flinkblocks.files;

import io.flinkblocks.config.UserError;
import io.flinkblocks.event.DeadLetter;
import io.flinkblocks.event.DeadLetter.Reason;
import io.flinkblocks.source.EventTimeProgress;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** One file on its way: the records that follow, and its state for a checkpoint. */
final class FileCursor implements Closeable {
  /** The longest line, in bytes: it must fit into memory. */
  static final int MAX_LINE = 16 * 1024 * 1024;

  private final FileSplit split;
  private final EventTimeProgress progress;
  // Null while the file is closed; the position is then kept.
  private LineReader reader;
  private GzipMembers gzip;
  private long position;
  private long lines;
  private boolean midLine;
  private boolean finished;

  FileCursor(FileSplit split) {
    this.split = split;
    this.progress = new EventTimeProgress(split.maxTimestamp(), split.emitted());
    this.position = split.position();
    this.lines = split.lines();
    this.midLine = split.midLine();
    this.finished = split.finished();
  }

  /**
   * The next record, or null at the end of the file.
   *
   * @throws UserError when the file is missing, damaged, or not what it was before
   */
  <T> T next(LineFormat.Lines<T> format) {
    try {
      if (reader == null) {
        open();
      }
      if (!reader.next()) {
        finished = true;
        return null;
      }
      byte[] line = reader.line();
      return reader.isPiece()
          ? format.refuse(new DeadLetter(line, Reason.NOT_JSON, null, null))
          : format.read(line, split.firstStart());
    } catch (IOException e) {
      long after = reader == null ? lines : reader.lines();
      throw new UserError(
          split.path() + " cannot be read beyond line " + after + ": " + InputFiles.reason(e),
          "put an intact file in its place",
          e);
    }
  }

  private void open() throws IOException {
    Path path = Path.of(split.path());
    long size = Files.size(path);
    if (size < split.size()) {
      throw new EOFException("it had " + split.size() + " bytes and has " + size + " now");
    }
    InputStream in = Files.newInputStream(path);
    try {
      if (split.isGzip()) {
        gzip = new GzipMembers(in);
        in = gzip;
      }
      in.skipNBytes(position);
      reader = new LineReader(in, MAX_LINE, position, lines, midLine);
    } catch (EOFException e) {
      in.close();
      throw e.getMessage() == null ? new EOFException("it has become shorter") : e;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  boolean isOpen() {
    return reader != null;
  }

  boolean isFinished() {
    return finished;
  }

  boolean isGzip() {
    return split.isGzip();
  }

  String id() {
    return split.splitId();
  }

  EventTimeProgress progress() {
    return progress;
  }

  long size() {
    return split.size();
  }

  /**
   * Bytes on disk that are read, roughly: any thread may ask. Of a .gz file this is not known
   * before it is open.
   */
  long bytesRead() {
    if (finished) {
      return split.size();
    }
    if (split.isGzip()) {
      GzipMembers opened = gzip;
      return opened == null ? 0 : opened.compressedBytes();
    }
    LineReader opened = reader;
    return opened == null ? position : opened.position();
  }

  FileSplit snapshot() {
    return new FileSplit(
        split.path(),
        split.size(),
        split.firstStart(),
        reader == null ? position : reader.position(),
        reader == null ? lines : reader.lines(),
        reader == null ? midLine : reader.midLine(),
        progress.maxTimestamp(),
        progress.emitted(),
        finished);
  }

  /** Closes the file; the next call of {@link #next} takes it up again. */
  @Override
  public void close() throws IOException {
    if (reader != null) {
      position = reader.position();
      lines = reader.lines();
      midLine = reader.midLine();
      reader.close();
      reader = null;
      gzip = null;
    }
  }
}
