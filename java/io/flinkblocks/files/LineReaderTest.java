package io.flinkblocks.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  private static final int LIMIT = 8;

  /** What a reader gave: pieces are shown with a plus sign before them. */
  private static List<String> read(LineReader reader) throws IOException {
    List<String> lines = new ArrayList<>();
    while (reader.next()) {
      lines.add((reader.isPiece() ? "+" : "") + new String(reader.line(), ISO_8859_1));
    }
    return lines;
  }

  private static LineReader reader(InputStream in, int limit) {
    return new LineReader(in, limit, 0, 0, false);
  }

  private static List<String> read(String text) throws IOException {
    return read(reader(new ByteArrayInputStream(text.getBytes(ISO_8859_1)), LIMIT));
  }

  @Test
  void linesEndInLineFeedWithOrWithoutCarriageReturn() throws IOException {
    assertEquals(List.of("a", "b", "c\r", "d\re"), read("a\nb\r\nc\r\r\nd\re\n"));
  }

  @Test
  void lastLineNeedsNoEnd() throws IOException {
    assertEquals(List.of("a", "b"), read("a\nb"));
    assertEquals(List.of("a", "b"), read("a\nb\r"));
    assertEquals(List.of(), read(""));
  }

  @Test
  void linesOfWhiteSpaceArePassedOverButCounted() throws IOException {
    LineReader reader =
        reader(new ByteArrayInputStream("\n\r\n \t\r\na\n\n\nb\n\n".getBytes(ISO_8859_1)), LIMIT);

    assertEquals(List.of("a", "b"), read(reader));
    assertEquals(8, reader.lines());
    assertEquals(14, reader.position());
  }

  @Test
  void lineOfTheLongestLengthIsWhole() throws IOException {
    assertEquals(List.of("12345678", "x"), read("12345678\nx\n"));
    assertEquals(List.of("12345678", "x"), read("12345678\r\nx\n"));
    assertEquals(List.of("12345678"), read("12345678"));
    assertEquals(List.of("12345678"), read("12345678\r"));
  }

  @Test
  void longerLineComesInPieces() throws IOException {
    assertEquals(List.of("+12345678", "+9", "x"), read("123456789\nx\n"));
    assertEquals(List.of("+12345678", "+9", "x"), read("123456789\r\nx\n"));
    assertEquals(List.of("+12345678", "+9"), read("123456789"));
    assertEquals(List.of("+12345678", "+        ", "+ ", "x"), read("12345678         \nx"));
    assertEquals(List.of("+12345678", "+12345678", "x"), read("1234567812345678\r\nx"));
    assertEquals(List.of("+12345678", "+\r", "x"), read("12345678\r\r\nx"));
  }

  @Test
  void brokenStreamGivesWhatCameBefore() throws IOException {
    InputStream broken =
        new InputStream() {
          private final InputStream start =
              new ByteArrayInputStream("a\nb\nhalf".getBytes(ISO_8859_1));

          @Override
          public int read() throws IOException {
            int next = start.read();
            if (next < 0) {
              throw new IOException("broken");
            }
            return next;
          }
        };
    LineReader reader = reader(broken, LIMIT);

    assertTrue(reader.next());
    assertTrue(reader.next());
    assertEquals("b", new String(reader.line(), ISO_8859_1));
    try {
      assertFalse(reader.next());
    } catch (IOException e) {
      assertEquals("broken", e.getMessage());
    }
    assertEquals(2, reader.lines());
    assertEquals(4, reader.position());
  }

  @Test
  void linesLargerThanTheBufferAreWhole() throws IOException {
    byte[] large = new byte[300_000];
    Arrays.fill(large, (byte) 'x');
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int i = 0; i < 5; i++) {
      text.write(large);
      text.write('\n');
    }
    LineReader reader = reader(new ByteArrayInputStream(text.toByteArray()), 300_000);
    for (int i = 0; i < 5; i++) {
      assertTrue(reader.next());
      assertFalse(reader.isPiece());
      assertArrayEquals(large, reader.line());
    }
    assertFalse(reader.next());
  }

  @Property
  void equalsASplitOfTheWholeTextWhateverTheChunks(@ForAll("texts") String text, @ForAll long seed)
      throws IOException {
    InputStream in = new Crumbs(text.getBytes(ISO_8859_1), seed);

    assertEquals(split(text), read(reader(in, LIMIT)));
  }

  @Property
  void goesOnFromAnyPositionAsIfNeverStopped(@ForAll("texts") String text, @ForAll long seed)
      throws IOException {
    byte[] bytes = text.getBytes(ISO_8859_1);
    List<String> lines = new ArrayList<>();
    long position = 0;
    long count = 0;
    boolean midLine = false;
    while (true) {
      InputStream in = new Crumbs(Arrays.copyOfRange(bytes, (int) position, bytes.length), seed);
      LineReader reader = new LineReader(in, LIMIT, position, count, midLine);
      if (!reader.next()) {
        break;
      }
      lines.add((reader.isPiece() ? "+" : "") + new String(reader.line(), ISO_8859_1));
      position = reader.position();
      count = reader.lines();
      midLine = reader.midLine();
    }

    assertEquals(split(text), lines);
  }

  /** The same by other means. */
  private static List<String> split(String text) {
    List<String> lines = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      String content = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      if (content.length() > LIMIT) {
        for (int i = 0; i < content.length(); i += LIMIT) {
          lines.add("+" + content.substring(i, Math.min(i + LIMIT, content.length())));
        }
      } else if (!content.matches("[ \t\r]*")) {
        lines.add(content);
      }
    }
    return lines;
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("ab \t\r\n\u00e9").ofMaxLength(80);
  }

  /** A stream that gives a few bytes at a time, as it likes. */
  private static final class Crumbs extends ByteArrayInputStream {
    private final Random random;

    Crumbs(byte[] bytes, long seed) {
      super(bytes);
      this.random = new Random(seed);
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) {
      return super.read(target, offset, Math.min(length, 1 + random.nextInt(5)));
    }
  }
}
