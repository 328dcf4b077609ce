package io.flinkblocks.event;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * What each version of a serializer has written: committed files that every later version must
 * read, since savepoints hold the same bytes.
 *
 * <p>A file {@code <type>-format-<version>.txt} has two lines of base64: the serializer's snapshot,
 * and the samples one after the other. {@link #written} makes the file of a new version; the files
 * of the old ones stay as they are. {@link TestingStoredForm} has the same for one sample.
 */
public final class TestingFormats {
  /** The content of the file for the serializer as it is now. */
  public static <T> String written(TypeSerializer<T> serializer, List<T> samples)
      throws IOException {
    return encode(TestingStoredForm.snapshot(serializer))
        + encode(TestingStoredForm.written(samples, serializer));
  }

  /** Reads the samples of a committed file as Flink does when it restores state. */
  public static <T> List<T> read(Path file, TypeSerializer<T> serializer, int count)
      throws IOException {
    return TestingStoredForm.restored(decode(file), file, serializer, count);
  }

  private static String encode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes) + "\n";
  }

  private static byte[] decode(Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
      bytes.write(Base64.getDecoder().decode(line));
    }
    return bytes.toByteArray();
  }

  private TestingFormats() {}
}
