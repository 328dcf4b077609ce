package io.flinkblocks.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.junit.jupiter.api.Test;

/** Old formats are read; the newest is the committed one, byte for byte. */
class FormatsTest {
  private static final Path FOLDER = Path.of("java", "io", "flinkblocks", "event", "testdata");

  @Test
  void eventFormat1() throws IOException {
    check("event-format-1.txt", EventSerializer.INSTANCE, List.of(TestingSamples.events()));
  }

  @Test
  void sourceRecordFormat1() throws IOException {
    check(
        "source-record-format-1.txt",
        SourceRecordSerializer.INSTANCE,
        List.of(TestingSamples.sourceRecords()));
  }

  private static <T> void check(String name, TypeSerializer<T> serializer, List<T> samples)
      throws IOException {
    Path file = FOLDER.resolve(name);
    assertEquals(TestingFormats.written(serializer, samples), Files.readString(file));
    List<T> read = TestingFormats.read(file, serializer, samples.size());
    assertEquals(samples, read);
    for (int i = 0; i < samples.size(); i++) {
      // Events are equal by their bytes alone: their slices must be right too.
      if (samples.get(i) instanceof Event event) {
        assertEquals(TestingVerdict.of(event), TestingVerdict.of((Event) read.get(i)));
        assertEquals(event.action(), ((Event) read.get(i)).action());
      }
    }
  }

  @Test
  void anOlderFormatIsMigrated() throws IOException {
    assertTrue(new Two(2).resolveSchemaCompatibility(new Two(2)).isCompatibleAsIs());
    assertTrue(new Two(2).resolveSchemaCompatibility(stored(1)).isCompatibleAfterMigration());
    assertEquals(1, stored(1).restoreSerializer().snapshotConfiguration().getCurrentVersion());
    assertTrue(new Two(1).resolveSchemaCompatibility(new Two(2)).isIncompatible());
  }

  @Test
  void aFormatOfALaterProgramIsRefused() {
    IOException refused = assertThrows(IOException.class, () -> stored(3));
    assertTrue(refused.getMessage().contains("format 3"), refused.getMessage());
  }

  /** The snapshot as it is read from state that this version wrote. */
  private static TypeSerializerSnapshot<Event> stored(int version) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    TypeSerializerSnapshot.writeVersionedSnapshot(out, new Two(version));
    return TypeSerializerSnapshot.readVersionedSnapshot(
        new DataInputDeserializer(out.getCopyOfBuffer()), Two.class.getClassLoader());
  }

  /** The snapshot of a format that has had two versions. */
  public static final class Two extends VersionedSnapshot<Event> {
    public Two() {
      this(2);
    }

    Two(int version) {
      super(2, version);
    }

    @Override
    protected TypeSerializer<Event> serializer(int version) {
      return new EventInFormat(version);
    }
  }

  private static final class EventInFormat extends ImmutableSerializer<Event> {
    private static final long serialVersionUID = 1;
    private final int version;

    EventInFormat(int version) {
      this.version = version;
    }

    @Override
    public Event createInstance() {
      return EventSerializer.INSTANCE.createInstance();
    }

    @Override
    public void serialize(Event event, DataOutputView target) throws IOException {
      EventSerializer.INSTANCE.serialize(event, target);
    }

    @Override
    public Event deserialize(DataInputView source) throws IOException {
      return EventSerializer.INSTANCE.deserialize(source);
    }

    @Override
    public TypeSerializerSnapshot<Event> snapshotConfiguration() {
      return new Two(version);
    }
  }
}
