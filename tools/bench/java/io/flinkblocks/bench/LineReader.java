package io.flinkblocks.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The lines of a stream as bytes, without their line break. */
public final class LineReader implements Closeable {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final InputStream in;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int start;
  private int end;

  /** Reads from a stream, which needs no buffer of its own. */
  public LineReader(InputStream in) {
    this.in = in;
  }

  /** The next line, or null at the end. */
  public byte[] next() throws IOException {
    int searched = start;
    while (true) {
      for (int i = searched; i < end; i++) {
        if (buffer[i] == '\n') {
          byte[] line = Arrays.copyOfRange(buffer, start, i);
          start = i + 1;
          return line;
        }
      }
      searched = end - start;
      if (!fill()) {
        return last();
      }
    }
  }

  /** Reads more behind what is there, which moves to the front. */
  private boolean fill() throws IOException {
    System.arraycopy(buffer, start, buffer, 0, end - start);
    end -= start;
    start = 0;
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    int count = in.read(buffer, end, buffer.length - end);
    if (count < 0) {
      return false;
    }
    end += count;
    return true;
  }

  private byte[] last() {
    byte[] line = start == end ? null : Arrays.copyOfRange(buffer, start, end);
    start = end;
    return line;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
