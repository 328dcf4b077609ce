package io.flinkblocks.event;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * What a version of a serializer has written: a committed fixture that every later version must
 * read, since savepoints hold the same bytes. And what the serializer writes and reads now.
 *
 * <p>The fixture has the serializer's snapshot, then one sample, in hexadecimal digits and white
 * space. {@link #present} tells the fixture of a new version; those of the old ones stay as they
 * are. {@link TestingFormats} has the same for several samples.
 *
 * @param <T> what is serialized
 */
public final class TestingStoredForm<T> {
  private final TypeSerializer<T> serializer;
  private final Path file;

  /**
   * A form of which nothing is read yet.
   *
   * @param serializer as it is now, whichever version the fixture has
   * @param file path of the fixture below the repository
   */
  public TestingStoredForm(TypeSerializer<T> serializer, String file) {
    this.serializer = serializer;
    this.file = Path.of(file);
  }

  /**
   * The fixture's sample, read as Flink does when it restores state.
   *
   * @throws IOException if there is no such file, if the serializer cannot take over its state, or
   *     if bytes are left of it
   */
  public T restored() throws IOException {
    return restored(HexFormat.of().parseHex(fixture()), file, serializer, 1).get(0);
  }

  /** How the serializer takes over state in the fixture's form. */
  public TypeSerializerSchemaCompatibility<T> compatibility() throws IOException {
    return compatibility(
        snapshot(new DataInputDeserializer(HexFormat.of().parseHex(fixture()))), serializer);
  }

  /** The fixture's hexadecimal digits. */
  public String fixture() throws IOException {
    return Files.readString(file).replaceAll("\\s", "");
  }

  /** What the fixture would be if the serializer wrote it now, in hexadecimal digits. */
  public String present(T sample) throws IOException {
    return HexFormat.of().formatHex(snapshot(serializer))
        + HexFormat.of().formatHex(written(sample));
  }

  /** What the serializer writes of a value. */
  public byte[] written(T value) throws IOException {
    return written(List.of(value), serializer);
  }

  /**
   * What the serializer reads of what it wrote of a value.
   *
   * @throws IOException if it leaves bytes
   */
  public T readBack(T value) throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(written(value));
    return read(in, "what was written", serializer, 1).get(0);
  }

  /** What the serializer wrote of a value, after it was copied from one stream to another. */
  public byte[] copied(T value) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.copy(new DataInputDeserializer(written(value)), out);
    return out.getCopyOfBuffer();
  }

  /** The samples behind a snapshot, read by its serializer; the file is for the messages. */
  static <T> List<T> restored(byte[] stored, Path file, TypeSerializer<T> serializer, int count)
      throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(stored);
    TypeSerializerSnapshot<T> snapshot = snapshot(in);
    if (compatibility(snapshot, serializer).isIncompatible()) {
      throw new IOException(file + " is incompatible with " + serializer);
    }
    return read(in, file, snapshot.restoreSerializer(), count);
  }

  /** What savepoints hold of a serializer. */
  static byte[] snapshot(TypeSerializer<?> serializer) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());
    return out.getCopyOfBuffer();
  }

  /** The samples one after the other. */
  static <T> byte[] written(List<T> samples, TypeSerializer<T> serializer) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    for (T sample : samples) {
      serializer.serialize(sample, out);
    }
    return out.getCopyOfBuffer();
  }

  private static <T> TypeSerializerSnapshot<T> snapshot(DataInputDeserializer in)
      throws IOException {
    return TypeSerializerSnapshot.readVersionedSnapshot(
        in, TestingStoredForm.class.getClassLoader());
  }

  private static <T> TypeSerializerSchemaCompatibility<T> compatibility(
      TypeSerializerSnapshot<T> stored, TypeSerializer<T> serializer) {
    return serializer.snapshotConfiguration().resolveSchemaCompatibility(stored);
  }

  private static <T> List<T> read(
      DataInputDeserializer in, Object origin, TypeSerializer<T> serializer, int count)
      throws IOException {
    List<T> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      samples.add(serializer.deserialize(in));
    }
    if (in.available() > 0) {
      throw new IOException(in.available() + " bytes are left of " + origin);
    }
    return samples;
  }
}
