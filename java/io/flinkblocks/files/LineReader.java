package io.flinkblocks.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The lines of a stream of bytes that end in LF or CR LF; the last one may end without.
 *
 * <p>Lines of nothing but white space are passed over. A line that is longer than the limit comes
 * in pieces of at most that length, so that memory stays bounded and no byte is lost; between two
 * lines or pieces the position can be kept, and reading taken up from there.
 */
final class LineReader implements Closeable {
  private static final int CHUNK = 64 * 1024;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = ONES << 7;
  private static final long LINE_FEEDS = ONES * '\n';

  private final InputStream in;
  private final int limit;

  private byte[] buffer = new byte[CHUNK];
  private int start;
  private int scanned;
  private int filled;

  private long position;
  private long lines;
  private boolean midLine;
  private byte[] line;
  private boolean piece;

  /**
   * @param in stands at the position
   * @param limit the longest line, in bytes without its end
   * @param position bytes before it
   * @param lines complete lines before it
   * @param midLine whether the line that it stands in is too long, and its pieces so far were read
   */
  LineReader(InputStream in, int limit, long position, long lines, boolean midLine) {
    this.in = in;
    this.limit = limit;
    this.position = position;
    this.lines = lines;
    this.midLine = midLine;
  }

  /**
   * Goes on to the next line or piece.
   *
   * @return false at the end
   */
  boolean next() throws IOException {
    while (true) {
      int end = findLineFeed();
      if (end < 0 && filled - start >= limit + 2) {
        // Even if a CR LF follows right away, it is too long.
        take(limit, limit, true);
        return true;
      }
      if (end < 0 && fill()) {
        continue;
      }
      if (end < 0 && start == filled) {
        return false;
      }
      if (takeLine(end < 0 ? filled : end, end < 0 ? filled : end + 1)) {
        return true;
      }
    }
  }

  private int findLineFeed() {
    int i = scanned;
    // Eight bytes a step: byte by byte, a record costs as much here as a good part of its parsing.
    // A line feed is a zero byte of the difference; the lowest bit that is found is the first one.
    for (; i <= filled - Long.BYTES; i += Long.BYTES) {
      long difference = (long) LONGS.get(buffer, i) ^ LINE_FEEDS;
      long found = (difference - ONES) & ~difference & HIGH_BITS;
      if (found != 0) {
        return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
    }
    for (; i < filled; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    scanned = filled;
    return -1;
  }

  /** Takes the line up to end, or its last piece; false when there is nothing to hand over. */
  private boolean takeLine(int end, int nextStart) {
    int length = end - start;
    if (length > 0 && buffer[end - 1] == '\r') {
      length--;
    }
    if (length > limit) {
      take(limit, limit, true);
      return true;
    }
    boolean last = midLine;
    boolean nothing = last ? length == 0 : isBlank(length);
    take(nothing ? 0 : length, nextStart - start, last);
    lines++;
    midLine = false;
    return !nothing;
  }

  private void take(int length, int consumed, boolean asPiece) {
    line = Arrays.copyOfRange(buffer, start, start + length);
    piece = asPiece;
    midLine = asPiece;
    start += consumed;
    scanned = start;
    position += consumed;
  }

  private boolean isBlank(int length) {
    for (int i = start; i < start + length; i++) {
      if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  /** Reads more behind what is not consumed yet; false at the end of the stream. */
  private boolean fill() throws IOException {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, filled - start);
      filled -= start;
      scanned -= start;
      start = 0;
    }
    if (filled == buffer.length) {
      buffer = Arrays.copyOf(buffer, (int) Math.min(2L * buffer.length, limit + 2L));
    }
    int count = in.read(buffer, filled, buffer.length - filled);
    filled += Math.max(0, count);
    return count >= 0;
  }

  /** The line or piece, without its end; a copy. */
  byte[] line() {
    return line;
  }

  /** Whether it is a piece of a line that is too long. */
  boolean isPiece() {
    return piece;
  }

  /** Bytes of the stream up to here, the end of the line included. */
  long position() {
    return position;
  }

  /** Complete lines up to here. */
  long lines() {
    return lines;
  }

  /** Whether the position is inside a line that is too long. */
  boolean midLine() {
    return midLine;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
