package io.flinkblocks.quality;

import io.flinkblocks.event.Compact;
import io.flinkblocks.event.ImmutableSerializer;
import io.flinkblocks.event.VersionedSnapshot;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Format 1 of what is remembered of a subject: rows; the time in eight bytes; lsn, value. */
public final class HeadSerializer extends ImmutableSerializer<Head> {
  static final HeadSerializer INSTANCE = new HeadSerializer();

  private static final long serialVersionUID = 1;

  @Override
  public Head createInstance() {
    return new Head(0, 0, 0, null);
  }

  @Override
  public void serialize(Head head, DataOutputView out) throws IOException {
    Compact.writeNumber(head.rows(), out);
    out.writeLong(head.time());
    Compact.writeNumber(head.lsn(), out);
    Compact.writeBytes(head.value(), out);
  }

  @Override
  public Head deserialize(DataInputView in) throws IOException {
    return new Head(
        Compact.readNumber(in), in.readLong(), Compact.readNumber(in), Compact.readBytes(in));
  }

  @Override
  public TypeSerializerSnapshot<Head> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<Head> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<Head> serializer(int version) {
      return INSTANCE;
    }
  }
}
