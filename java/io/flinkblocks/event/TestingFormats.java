package io.flinkblocks.event;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * What each version of a serializer has written: committed files that every later version must
 * read, since savepoints hold the same bytes.
 *
 * <p>A file {@code <type>-format-<version>.txt} has two lines of base64: the serializer's snapshot,
 * and the samples one after the other. {@link #written} makes the file of a new version; the files
 * of the old ones stay as they are.
 */
public final class TestingFormats {
  /** The content of the file for the serializer as it is now. */
  public static <T> String written(TypeSerializer<T> serializer, List<T> samples)
      throws IOException {
    DataOutputSerializer snapshot = new DataOutputSerializer(64);
    TypeSerializerSnapshot.writeVersionedSnapshot(snapshot, serializer.snapshotConfiguration());
    DataOutputSerializer data = new DataOutputSerializer(64);
    for (T sample : samples) {
      serializer.serialize(sample, data);
    }
    return encode(snapshot) + encode(data);
  }

  /** Reads the samples of a committed file as Flink does when it restores state. */
  public static <T> List<T> read(Path file, TypeSerializer<T> serializer, int count)
      throws IOException {
    List<String> lines = lines(file);
    TypeSerializerSnapshot<T> snapshot =
        TypeSerializerSnapshot.readVersionedSnapshot(
            decode(lines.get(0)), TestingFormats.class.getClassLoader());
    TypeSerializerSchemaCompatibility<T> compatibility =
        serializer.snapshotConfiguration().resolveSchemaCompatibility(snapshot);
    if (compatibility.isIncompatible()) {
      throw new IOException(file + " is incompatible with " + serializer);
    }
    DataInputDeserializer data = decode(lines.get(1));
    TypeSerializer<T> old = snapshot.restoreSerializer();
    List<T> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      samples.add(old.deserialize(data));
    }
    if (data.available() > 0) {
      throw new IOException(data.available() + " bytes are left of " + file);
    }
    return samples;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String encode(DataOutputSerializer out) {
    return Base64.getEncoder().encodeToString(out.getCopyOfBuffer()) + "\n";
  }

  private static DataInputDeserializer decode(String line) {
    return new DataInputDeserializer(Base64.getDecoder().decode(line));
  }

  private TestingFormats() {}
}
