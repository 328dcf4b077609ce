package io.flinkblocks.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

class GzipMembersTest {
  /** Compressible, and far larger than any buffer. */
  private static final byte[] TEXT = text(1_000_000);

  private static byte[] text(int size) {
    Random random = new Random(1);
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) "abcdefghij0123456789,:\n".charAt(random.nextInt(23));
    }
    return bytes;
  }

  private static byte[] gzip(byte[] text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text);
    }
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static GzipMembers open(byte[] file) {
    return new GzipMembers(new ByteArrayInputStream(file));
  }

  /** Reads until the exception; all that came before must be the start of the text. */
  private static <E extends IOException> int readable(Class<E> expected, byte[] file) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] chunk = new byte[4096];
    GzipMembers in = open(file);
    assertThrows(
        expected,
        () -> {
          for (int count; (count = in.read(chunk)) >= 0; ) {
            out.write(chunk, 0, count);
          }
        });
    assertArrayEquals(Arrays.copyOf(TEXT, out.size()), out.toByteArray());
    return out.size();
  }

  @Test
  void readsOneMember() throws IOException {
    byte[] file = gzip(TEXT);
    GzipMembers in = open(file);

    assertArrayEquals(TEXT, in.readAllBytes());
    assertEquals(file.length, in.compressedBytes());
  }

  @Test
  void readsManyMembersEmptyOnesToo() throws IOException {
    byte[] file = join(gzip(TEXT), gzip(new byte[0]), gzip("more".getBytes(UTF_8)));

    assertArrayEquals(join(TEXT, "more".getBytes(UTF_8)), open(file).readAllBytes());
  }

  @Test
  void readsByteByByte() throws IOException {
    GzipMembers in = open(gzip("ab".getBytes(UTF_8)));

    assertEquals('a', in.read());
    assertEquals('b', in.read());
    assertEquals(-1, in.read());
    assertEquals(-1, in.read());
  }

  @Test
  void passesOverAllFieldsOfAHeader() throws IOException {
    byte[] plain = gzip(TEXT);
    byte[] header = Arrays.copyOf(plain, 10);
    header[3] = 2 | 4 | 8 | 16;
    byte[] fields = {3, 0, 'e', 'x', 't', 'n', 'a', 'm', 'e', 0, 'c', 'o', 'm', 0};
    CRC32 crc = new CRC32();
    crc.update(header);
    crc.update(fields);
    byte[] check = {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)};
    byte[] file = join(header, fields, check, Arrays.copyOfRange(plain, 10, plain.length));

    assertArrayEquals(TEXT, open(file).readAllBytes());
  }

  @Test
  void zerosAtTheEndArePadding() throws IOException {
    assertArrayEquals(TEXT, open(join(gzip(TEXT), new byte[100_000])).readAllBytes());
  }

  @Test
  void fileThatIsCutGivesWhatIsThere() throws IOException {
    byte[] file = gzip(TEXT);

    assertEquals(0, readable(EOFException.class, new byte[0]));
    assertEquals(0, readable(EOFException.class, Arrays.copyOf(file, 9)));
    int half = readable(EOFException.class, Arrays.copyOf(file, file.length / 2));
    assertTrue(half > TEXT.length * 4 / 10, "only " + half);
    assertEquals(TEXT.length, readable(EOFException.class, Arrays.copyOf(file, file.length - 1)));
  }

  @Test
  void wrongChecksumIsFound() throws IOException {
    byte[] file = gzip(TEXT);
    file[file.length - 8] ^= 1;
    assertEquals(TEXT.length, readable(ZipException.class, file));

    file = gzip(TEXT);
    file[file.length - 1] ^= 1;
    assertEquals(TEXT.length, readable(ZipException.class, file));
  }

  @Test
  void damageInTheMiddleGivesWhatComesBeforeIt() throws IOException {
    byte[] invalidBlock = {(byte) 0xff, (byte) 0xff};
    for (int length : new int[] {0, 10, 70_000}) {
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      GZIPOutputStream gzip = new GZIPOutputStream(file, 512, true);
      gzip.write(TEXT, 0, length);
      gzip.flush();
      file.writeBytes(invalidBlock);

      assertEquals(length, readable(ZipException.class, file.toByteArray()));
    }
  }

  @Test
  void noFlippedBitChangesTheText() throws IOException {
    byte[] text = Arrays.copyOf(TEXT, 2_000);
    byte[] file = gzip(text);
    int found = 0;
    for (int bit = 0; bit < file.length * 8; bit++) {
      byte[] damaged = file.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        // Some bits mean nothing: the header's time, the last byte's padding.
        assertArrayEquals(text, open(damaged).readAllBytes());
      } catch (IOException e) {
        found++;
      }
    }
    assertTrue(found > (file.length - 10) * 8, "only " + found);
  }

  @Test
  void somethingElseBehindAMemberIsDamage() throws IOException {
    assertEquals(
        TEXT.length, readable(ZipException.class, join(gzip(TEXT), "x y".getBytes(UTF_8))));
    byte[] second = gzip("more".getBytes(UTF_8));
    second[0] ^= 1;
    assertEquals(TEXT.length, readable(ZipException.class, join(gzip(TEXT), second)));
  }

  @Test
  void plainTextIsNotGzip() {
    assertEquals(0, readable(ZipException.class, "{\"a\": 1}\n".getBytes(UTF_8)));
  }
}
