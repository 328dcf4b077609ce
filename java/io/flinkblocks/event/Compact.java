package io.flinkblocks.event;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** The building stones of the serializers' formats: small numbers take few bytes. */
public final class Compact {
  /** Writes seven bits a byte, lowest first; a number below zero takes ten bytes. */
  public static void writeNumber(long number, DataOutputView out) throws IOException {
    long rest = number;
    while ((rest & ~0x7fL) != 0) {
      out.writeByte((int) (rest | 0x80));
      rest >>>= 7;
    }
    out.writeByte((int) rest);
  }

  /** Reads what {@link #writeNumber} wrote. */
  public static long readNumber(DataInputView in) throws IOException {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = in.readByte();
      number |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return number;
      }
    }
    throw new IOException("a number of more than ten bytes: the data is not in this format");
  }

  /** Reads what {@link #writeNumber} wrote of an int. */
  public static int readInt(DataInputView in) throws IOException {
    long number = readNumber(in);
    if ((int) number != number) {
      throw new IOException("the number " + number + " is no int: the data is not in this format");
    }
    return (int) number;
  }

  /** Writes an array that may be null. */
  public static void writeBytes(byte[] bytes, DataOutputView out) throws IOException {
    if (bytes == null) {
      out.writeByte(0);
      return;
    }
    writeNumber(bytes.length + 1L, out);
    out.write(bytes);
  }

  /** Reads what {@link #writeBytes} wrote. */
  public static byte[] readBytes(DataInputView in) throws IOException {
    long length = readNumber(in) - 1;
    if (length < 0) {
      return null;
    }
    byte[] bytes = new byte[Math.toIntExact(length)];
    in.readFully(bytes);
    return bytes;
  }

  /** Writes a text that may be null. */
  public static void writeText(String text, DataOutputView out) throws IOException {
    writeBytes(text == null ? null : text.getBytes(StandardCharsets.UTF_8), out);
  }

  /** Reads what {@link #writeText} wrote. */
  public static String readText(DataInputView in) throws IOException {
    byte[] bytes = readBytes(in);
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  private Compact() {}
}
