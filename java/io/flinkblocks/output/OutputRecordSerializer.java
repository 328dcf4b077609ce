package io.flinkblocks.output;

import io.flinkblocks.event.Compact;
import io.flinkblocks.event.Headers;
import io.flinkblocks.event.ImmutableSerializer;
import io.flinkblocks.event.VersionedSnapshot;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Format 1 of an output record: output, key, value, headers. */
public final class OutputRecordSerializer extends ImmutableSerializer<OutputRecord> {
  static final OutputRecordSerializer INSTANCE = new OutputRecordSerializer();

  private static final long serialVersionUID = 1;

  @Override
  public OutputRecord createInstance() {
    return new OutputRecord("", null, null, List.of());
  }

  @Override
  public void serialize(OutputRecord record, DataOutputView target) throws IOException {
    Compact.writeText(record.output(), target);
    Compact.writeBytes(record.key(), target);
    Compact.writeBytes(record.value(), target);
    Headers.write(record.headers(), target);
  }

  @Override
  public OutputRecord deserialize(DataInputView source) throws IOException {
    return new OutputRecord(
        Compact.readText(source),
        Compact.readBytes(source),
        Compact.readBytes(source),
        Headers.read(source));
  }

  @Override
  public TypeSerializerSnapshot<OutputRecord> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<OutputRecord> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<OutputRecord> serializer(int version) {
      return INSTANCE;
    }
  }
}
