package io.flinkblocks.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The contents of a gzip file (RFC 1952) of any number of members, damage never unnoticed.
 *
 * <p>{@link java.util.zip.GZIPInputStream} takes whatever follows the first member and is not a
 * header for the end of the file, and so loses what is behind a damaged one. Here everything must
 * be members with the right checksum and length, save for zero bytes at the end, which tapes leave.
 * What can be decompressed before the damage is handed over before the exception comes.
 */
final class GzipMembers extends InputStream {
  private static final int MAGIC = 0x8b1f;
  private static final int DEFLATE = 8;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final InputStream in;
  private final byte[] buffer = new byte[16 * 1024];
  private int next;
  private int filled;
  private long compressed;

  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private boolean started;
  private boolean inMember;
  private IOException damage;

  /**
   * @param in the compressed bytes; closed with this stream
   */
  GzipMembers(InputStream in) {
    this.in = in;
  }

  /** How many compressed bytes have been taken in. */
  long compressedBytes() {
    return compressed;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * @throws EOFException when the file ends in the middle of a member
   * @throws ZipException when its bytes are no gzip member, or not those that were written
   */
  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (damage != null) {
      throw damage;
    }
    while (inMember || startMember()) {
      int count = inflate(target, offset, length);
      checksum.update(target, offset, count);
      if (inflater.finished()) {
        endMember(count > 0);
      }
      if (count > 0) {
        return count;
      }
    }
    return -1;
  }

  private int inflate(byte[] target, int offset, int length) throws IOException {
    long before = inflater.getBytesWritten();
    try {
      int count;
      do {
        if (inflater.needsInput()) {
          need();
          inflater.setInput(buffer, next, filled - next);
          next = filled;
        }
        count = inflater.inflate(target, offset, length);
      } while (count == 0 && !inflater.finished());
      return count;
    } catch (DataFormatException e) {
      damage = new ZipException("the gzip data is damaged: " + e.getMessage());
      int count = (int) (inflater.getBytesWritten() - before);
      if (count == 0) {
        throw damage;
      }
      return count;
    }
  }

  /** Reads the next member's header; false at the end of the file. */
  private boolean startMember() throws IOException {
    if (started && !skipPadding()) {
      return false;
    }
    started = true;
    if (twoBytes() != MAGIC || oneByte() != DEFLATE) {
      throw new ZipException("not in gzip format");
    }
    int flags = oneByte();
    if ((flags & RESERVED) != 0) {
      throw new ZipException("not in gzip format: unknown flags");
    }
    skip(6);
    if ((flags & EXTRA) != 0) {
      skip(twoBytes());
    }
    for (int text : new int[] {NAME, COMMENT}) {
      while ((flags & text) != 0 && oneByte() != 0) {
        // Up to the zero that ends it.
      }
    }
    if ((flags & HEADER_CRC) != 0) {
      skip(2);
    }
    inflater.reset();
    checksum.reset();
    inMember = true;
    return true;
  }

  /** Goes over zeros behind a member; false when there is nothing else. */
  private boolean skipPadding() throws IOException {
    while (next < filled || fill()) {
      if (buffer[next] != 0) {
        return true;
      }
      next++;
    }
    return false;
  }

  /** Compares the trailer; what was just read is handed over before a failure is. */
  private void endMember(boolean later) throws IOException {
    next = filled - inflater.getRemaining();
    inMember = false;
    try {
      if (fourBytes() != checksum.getValue()) {
        throw new ZipException("the gzip data is damaged: wrong checksum");
      }
      if (fourBytes() != (inflater.getBytesWritten() & 0xffff_ffffL)) {
        throw new ZipException("the gzip data is damaged: wrong length");
      }
    } catch (IOException e) {
      damage = e;
      if (!later) {
        throw e;
      }
    }
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      oneByte();
    }
  }

  private long fourBytes() throws IOException {
    return twoBytes() | (long) twoBytes() << 16;
  }

  private int twoBytes() throws IOException {
    return oneByte() | oneByte() << 8;
  }

  private int oneByte() throws IOException {
    need();
    return buffer[next++] & 0xff;
  }

  private void need() throws IOException {
    if (next == filled && !fill()) {
      throw new EOFException("the gzip data ends too early");
    }
  }

  private boolean fill() throws IOException {
    next = 0;
    filled = Math.max(0, in.read(buffer));
    compressed += filled;
    return filled > 0;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
