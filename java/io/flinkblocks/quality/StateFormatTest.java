package io.flinkblocks.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.flinkblocks.quality.Part.Kind;
import io.flinkblocks.quality.Part.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/**
 * The stored forms. A fixture of each version stays in testdata: what savepoints hold of the
 * serializer, then samples.
 */
class StateFormatTest {
  private static final Path FOLDER = Path.of("java/io/flinkblocks/quality/testdata");
  private static final long T = 1_700_000_000_000L;

  private static final List<Part> PARTS =
      List.of(
          new Part(
              "unknown_user", "7", Kind.ENTER, "{\"id\":1}", T, 300, Origin.LOG, utf8("7"), null),
          new Part(
              "a",
              "\ud800\u0000\u00fc",
              Kind.LEAVE,
              "{\"id\":-1}",
              -5,
              0,
              Origin.CORRECTION,
              null,
              null),
          new Part(
              "a",
              "",
              Kind.TARGET_ENTER,
              "{}",
              0,
              Long.MAX_VALUE,
              Origin.SNAPSHOT,
              utf8("1.50"),
              null),
          new Part("a", "", Kind.TARGET_LEAVE, "{}", 0, 1, Origin.LOG, new byte[0], utf8("2")));

  private static final List<Entry> ENTRIES =
      List.of(
          new Entry(true, Entry.NEVER, T, 300, utf8("\"x'; DROP TABLE users;--\""), null),
          new Entry(false, T + 10_000, -1, 0, null, utf8("2")),
          new Entry(false, Entry.NEVER, 0, Long.MAX_VALUE, new byte[0], null));

  private static final List<Head> HEADS =
      List.of(new Head(0, T, 300, utf8("5.00")), new Head(1_000_000, -1, 0, null));

  @Test
  void partsAreReadAndWrittenAsEver() throws IOException {
    assertFormat(PartSerializer.INSTANCE, "part_v1.hex", PARTS);
  }

  @Test
  void entriesAreReadAndWrittenAsEver() throws IOException {
    assertFormat(EntrySerializer.INSTANCE, "entry_v1.hex", ENTRIES);
  }

  @Test
  void headsAreReadAndWrittenAsEver() throws IOException {
    assertFormat(HeadSerializer.INSTANCE, "head_v1.hex", HEADS);
  }

  private static <T> void assertFormat(TypeSerializer<T> serializer, String file, List<T> samples)
      throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());
    for (T sample : samples) {
      serializer.serialize(sample, out);
    }
    String fixture = Files.readString(FOLDER.resolve(file)).replaceAll("\\s", "");
    assertEquals(fixture, HexFormat.of().formatHex(out.getCopyOfBuffer()));

    DataInputDeserializer in = new DataInputDeserializer(HexFormat.of().parseHex(fixture));
    TypeSerializerSnapshot<T> snapshot =
        TypeSerializerSnapshot.readVersionedSnapshot(in, StateFormatTest.class.getClassLoader());
    TypeSerializer<T> restored = snapshot.restoreSerializer();
    List<String> read = new ArrayList<>();
    while (in.available() > 0) {
      read.add(text(restored.deserialize(in)));
    }
    assertEquals(samples.stream().map(StateFormatTest::text).toList(), read);
    assertFalse(
        serializer.snapshotConfiguration().resolveSchemaCompatibility(snapshot).isIncompatible());
  }

  /** All that is in a record, arrays by what is in them. */
  private static String text(Object record) {
    List<String> values = new ArrayList<>();
    for (var component : record.getClass().getRecordComponents()) {
      try {
        Object value = component.getAccessor().invoke(record);
        values.add(value instanceof byte[] bytes ? Arrays.toString(bytes) : "" + value);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
    return String.join("|", values);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
