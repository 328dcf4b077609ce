package io.flinkblocks.cdc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkblocks.event.TestingFormats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** The formats are the committed ones, byte for byte: savepoints hold them. */
class ChangeFormatsTest {
  private static final Path FOLDER = Path.of("java", "io", "flinkblocks", "cdc", "testdata");

  @Test
  void rowFormat1() throws IOException {
    check("row-format-1.txt", RowSerializer.INSTANCE, List.of(TestingSamples.rows()));
  }

  @Test
  void changeFormat1() throws IOException {
    check("change-format-1.txt", ChangeSerializer.INSTANCE, List.of(TestingSamples.changes()));
  }

  @Test
  void changeRecordFormat1() throws IOException {
    check(
        "change-record-format-1.txt",
        ChangeRecordSerializer.INSTANCE,
        List.of(TestingSamples.records()));
  }

  private static <T> void check(String name, TypeSerializer<T> serializer, List<T> samples)
      throws IOException {
    Path file = FOLDER.resolve(name);
    assertEquals(TestingFormats.written(serializer, samples), Files.readString(file));
    assertEquals(samples, TestingFormats.read(file, serializer, samples.size()));
  }

  @Test
  void aRowMayBeMissing() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(16);
    RowSerializer.write(null, out);
    RowSerializer.write(TestingSamples.rows()[0], out);
    DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
    assertEquals(null, RowSerializer.read(in));
    assertEquals(TestingSamples.rows()[0], RowSerializer.read(in));
  }

  @Test
  void otherBytesAreRefused() {
    IOException kind = refusal(ChangeRecordSerializer.INSTANCE, 9);
    assertTrue(kind.getMessage().contains("kind of change record: 9"), kind.getMessage());
    IOException op = refusal(ChangeSerializer.INSTANCE, 1, 'x');
    assertTrue(op.getMessage().contains("operation: 120"), op.getMessage());
    IOException cause = refusal(ChangeSerializer.INSTANCE, 1, 'c', 3);
    assertTrue(cause.getMessage().contains("no Cause 3"), cause.getMessage());
    IOException mark = refusal(ChangeSerializer.INSTANCE, 1, 'c', 0, -1);
    assertTrue(mark.getMessage().contains("no Mark -1"), mark.getMessage());
  }

  private static IOException refusal(TypeSerializer<?> serializer, int... bytes) {
    byte[] data = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      data[i] = (byte) bytes[i];
    }
    return assertThrows(
        IOException.class, () -> serializer.deserialize(new DataInputDeserializer(data)));
  }
}
