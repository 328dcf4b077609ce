package io.flinkblocks.event;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class Utf8Test {
  // Every limit that a byte of a sequence has, and its neighbours.
  private static final int[] CONTINUATION_LIMITS = {0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xff};
  private static final int[] LIMITS = {
    0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed,
    0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xff
  };

  @Test
  void everySequenceOfLimitsIsJudgedAsJavaDoes() {
    for (int a = 0; a < 256; a++) {
      check(a);
      for (int b = 0; b < 256; b++) {
        check(a, b);
      }
    }
    for (int a : LIMITS) {
      for (int b : LIMITS) {
        for (int c : CONTINUATION_LIMITS) {
          check(a, b, c);
          for (int d : CONTINUATION_LIMITS) {
            check(a, b, c, d);
          }
        }
      }
    }
  }

  @Test
  void longTextsAreJudgedAtEveryOffset() {
    for (int offset = 0; offset < 24; offset++) {
      byte[] text = "a".repeat(24).getBytes(StandardCharsets.US_ASCII);
      text[offset] = (byte) 0xc3;
      assertEquals(false, Utf8.isValid(text));
      if (offset + 1 < text.length) {
        text[offset + 1] = (byte) 0xa9;
        assertEquals(true, Utf8.isValid(text));
      }
    }
  }

  @Test
  void everyCharacterIsWrittenAsJavaDoes() {
    byte[] out = new byte[4];
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        int end = Utf8.write(c, out, 0);
        byte[] expected = Character.toString(c).getBytes(StandardCharsets.UTF_8);
        assertArrayEquals(expected, Arrays.copyOf(out, end));
        assertEquals(end, Utf8.sequence(expected, 0));
      }
    }
  }

  private static void check(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    assertEquals(isValid(bytes), Utf8.isValid(bytes), () -> Arrays.toString(values));
  }

  private static boolean isValid(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
