package io.flinkblocks.quality;

import io.flinkblocks.event.Compact;
import io.flinkblocks.event.ImmutableSerializer;
import io.flinkblocks.event.VersionedSnapshot;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Format 1 of what is remembered of a row: flags, 1 for an open alert and 2 for a look that is due;
 * when that is due, and the time, in eight bytes each; lsn, value, quantity.
 */
public final class EntrySerializer extends ImmutableSerializer<Entry> {
  static final EntrySerializer INSTANCE = new EntrySerializer();

  private static final long serialVersionUID = 1;
  private static final int RAISED = 1;
  private static final int DUE = 2;

  @Override
  public Entry createInstance() {
    return new Entry(false, Entry.NEVER, 0, 0, null, null);
  }

  @Override
  public void serialize(Entry entry, DataOutputView out) throws IOException {
    boolean isDue = entry.due() != Entry.NEVER;
    out.writeByte((entry.raised() ? RAISED : 0) | (isDue ? DUE : 0));
    if (isDue) {
      out.writeLong(entry.due());
    }
    out.writeLong(entry.time());
    Compact.writeNumber(entry.lsn(), out);
    Compact.writeBytes(entry.value(), out);
    Compact.writeBytes(entry.quantity(), out);
  }

  @Override
  public Entry deserialize(DataInputView in) throws IOException {
    int flags = in.readByte();
    return new Entry(
        (flags & RAISED) != 0,
        (flags & DUE) != 0 ? in.readLong() : Entry.NEVER,
        in.readLong(),
        Compact.readNumber(in),
        Compact.readBytes(in),
        Compact.readBytes(in));
  }

  @Override
  public TypeSerializerSnapshot<Entry> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<Entry> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<Entry> serializer(int version) {
      return INSTANCE;
    }
  }
}
