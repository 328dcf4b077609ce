package io.flinkblocks.analytics;

import io.flinkblocks.event.Compact;
import io.flinkblocks.event.ImmutableSerializer;
import io.flinkblocks.event.VersionedSnapshot;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Format 1 of an upsert: id, whether it is a deletion; if not, all the rest. */
public final class UpsertSerializer extends ImmutableSerializer<Upsert> {
  static final UpsertSerializer INSTANCE = new UpsertSerializer();

  private static final long serialVersionUID = 1;

  @Override
  public Upsert createInstance() {
    return Upsert.delete(0);
  }

  @Override
  public void serialize(Upsert upsert, DataOutputView out) throws IOException {
    Compact.writeNumber(upsert.id(), out);
    out.writeBoolean(upsert.deleted());
    if (!upsert.deleted()) {
      Compact.writeText(upsert.label(), out);
      Compact.writeNumber(upsert.stock(), out);
      Compact.writeNumber(upsert.count(), out);
      out.writeLong(upsert.totalHigh());
      out.writeLong(upsert.totalLow());
      out.writeLong(upsert.latest());
    }
  }

  @Override
  public Upsert deserialize(DataInputView in) throws IOException {
    long id = Compact.readNumber(in);
    if (in.readBoolean()) {
      return Upsert.delete(id);
    }
    return new Upsert(
        id,
        false,
        Compact.readText(in),
        Compact.readNumber(in),
        Compact.readNumber(in),
        in.readLong(),
        in.readLong(),
        in.readLong());
  }

  @Override
  public TypeSerializerSnapshot<Upsert> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<Upsert> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<Upsert> serializer(int version) {
      return INSTANCE;
    }
  }
}
