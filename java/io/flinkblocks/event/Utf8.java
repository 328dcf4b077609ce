package io.flinkblocks.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. */
public final class Utf8 {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;

  /** Whether all the bytes are well-formed UTF-8. */
  public static boolean isValid(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      if (at + Long.BYTES <= bytes.length && ((long) LONG.get(bytes, at) & HIGH_BITS) == 0) {
        at += Long.BYTES;
      } else {
        int length = sequence(bytes, at);
        if (length == 0) {
          return false;
        }
        at += length;
      }
    }
    return true;
  }

  /**
   * The length in bytes of the character that starts at {@code at}; 0 when it is malformed.
   *
   * <p>The second byte's range depends on the first: that excludes the overlong forms (after E0 and
   * F0), the surrogates (after ED) and what lies above U+10FFFF (after F4).
   */
  static int sequence(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    if (first < 0x80) {
      return 1;
    }
    if (first < 0xc2) {
      return 0;
    }
    if (first < 0xe0) {
      return within(bytes, at + 1, 0x80, 0xbf) ? 2 : 0;
    }
    if (first < 0xf0) {
      int lowest = first == 0xe0 ? 0xa0 : 0x80;
      int highest = first == 0xed ? 0x9f : 0xbf;
      return within(bytes, at + 1, lowest, highest) && within(bytes, at + 2, 0x80, 0xbf) ? 3 : 0;
    }
    int lowest = first == 0xf0 ? 0x90 : 0x80;
    int highest = first == 0xf4 ? 0x8f : 0xbf;
    return first <= 0xf4
            && within(bytes, at + 1, lowest, highest)
            && within(bytes, at + 2, 0x80, 0xbf)
            && within(bytes, at + 3, 0x80, 0xbf)
        ? 4
        : 0;
  }

  /**
   * Writes one character.
   *
   * @param codePoint a Unicode scalar value
   * @return the position behind it
   */
  static int write(int codePoint, byte[] out, int at) {
    if (codePoint < 0x80) {
      out[at] = (byte) codePoint;
      return at + 1;
    }
    if (codePoint < 0x800) {
      out[at] = (byte) (0xc0 | codePoint >> 6);
      out[at + 1] = continuation(codePoint);
      return at + 2;
    }
    if (codePoint < 0x10000) {
      out[at] = (byte) (0xe0 | codePoint >> 12);
      out[at + 1] = continuation(codePoint >> 6);
      out[at + 2] = continuation(codePoint);
      return at + 3;
    }
    out[at] = (byte) (0xf0 | codePoint >> 18);
    out[at + 1] = continuation(codePoint >> 12);
    out[at + 2] = continuation(codePoint >> 6);
    out[at + 3] = continuation(codePoint);
    return at + 4;
  }

  private static byte continuation(int bits) {
    return (byte) (0x80 | bits & 0x3f);
  }

  private static boolean within(byte[] bytes, int at, int lowest, int highest) {
    if (at >= bytes.length) {
      return false;
    }
    int value = bytes[at] & 0xff;
    return lowest <= value && value <= highest;
  }

  private Utf8() {}
}
