package io.flinkblocks.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The inside of JSON strings: plain runs, escapes, decoding. */
public final class JsonStrings {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long EACH = 0x0101010101010101L;
  private static final long HIGH_BITS = EACH << 7;

  /**
   * The first position from {@code at} on that is not plain: a quote, a backslash, a control
   * character or a byte outside ASCII; the length of the array when there is none.
   *
   * <p>Looks at eight bytes at a time. In {@code (x ^ q) - 1} the high bit of a byte is set if the
   * byte was q, in {@code x - 0x20} if it was a control character. A borrow can set it wrongly, but
   * only above a byte that is set rightly, and only the lowest one is used.
   */
  public static int skipPlain(byte[] data, int at) {
    int last = data.length - Long.BYTES;
    while (at <= last) {
      long word = (long) LONG.get(data, at);
      long special =
          ((word ^ EACH * '"') - EACH | (word ^ EACH * '\\') - EACH | word - EACH * ' ' | word)
              & HIGH_BITS;
      if (special != 0) {
        return at + (Long.numberOfTrailingZeros(special) >>> 3);
      }
      at += Long.BYTES;
    }
    while (at < data.length && data[at] >= ' ' && data[at] != '"' && data[at] != '\\') {
      at++;
    }
    return at;
  }

  /**
   * Checks one escape; a surrogate must be the first of a pair of escapes.
   *
   * @param at the position of the backslash
   * @return the position behind the escape, or behind the pair
   */
  static int skipEscape(byte[] data, int at) throws NotJson {
    if (at + 1 >= data.length) {
      throw NotJson.INSTANCE;
    }
    if (data[at + 1] != 'u') {
      simple(data[at + 1]);
      return at + 2;
    }
    int unit = unit(data, at);
    if (!isSurrogate(unit)) {
      return at + 6;
    }
    if (unit >= Character.MIN_LOW_SURROGATE
        || !Character.isLowSurrogate((char) unit(data, at + 6))) {
      throw NotJson.INSTANCE;
    }
    return at + 12;
  }

  /**
   * Decodes the inside of a string that has been checked.
   *
   * @param out gets at most {@code end - start} bytes of UTF-8
   * @param to where in out
   * @return the position in out behind the decoded bytes
   */
  public static int decode(byte[] data, int start, int end, byte[] out, int to) throws NotJson {
    int at = start;
    while (at < end) {
      if (data[at] != '\\') {
        out[to++] = data[at++];
      } else if (data[at + 1] != 'u') {
        out[to++] = simple(data[at + 1]);
        at += 2;
      } else {
        int unit = unit(data, at);
        boolean pair = isSurrogate(unit);
        int codePoint = pair ? Character.toCodePoint((char) unit, (char) unit(data, at + 6)) : unit;
        to = Utf8.write(codePoint, out, to);
        at += pair ? 12 : 6;
      }
    }
    return to;
  }

  private static boolean isSurrogate(int unit) {
    return Character.MIN_SURROGATE <= unit && unit <= Character.MAX_SURROGATE;
  }

  /** What a backslash and this letter stand for. */
  private static byte simple(byte letter) throws NotJson {
    return switch (letter) {
      case '"', '\\', '/' -> letter;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> throw NotJson.INSTANCE;
    };
  }

  /** The code unit of the {@code \}{@code uXXXX} that must stand at this position. */
  private static int unit(byte[] data, int at) throws NotJson {
    if (at + 6 > data.length || data[at] != '\\' || data[at + 1] != 'u') {
      throw NotJson.INSTANCE;
    }
    int unit = 0;
    for (int i = at + 2; i < at + 6; i++) {
      // Only ASCII digits: a negative byte is a code point that Character.digit does not know.
      int digit = Character.digit((int) data[i], 16);
      if (digit < 0) {
        throw NotJson.INSTANCE;
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }

  private JsonStrings() {}
}
