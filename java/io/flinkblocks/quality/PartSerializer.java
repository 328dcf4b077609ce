package io.flinkblocks.quality;

import io.flinkblocks.event.Compact;
import io.flinkblocks.event.ImmutableSerializer;
import io.flinkblocks.event.VersionedSnapshot;
import io.flinkblocks.quality.Part.Kind;
import io.flinkblocks.quality.Part.Origin;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * Format 1 of a part: the rule; the subject as Flink writes texts; the kind's place; the row; the
 * time in eight bytes; lsn, the origin's place, value, quantity.
 */
public final class PartSerializer extends ImmutableSerializer<Part> {
  static final PartSerializer INSTANCE = new PartSerializer();

  private static final long serialVersionUID = 1;

  private static final Kind[] KINDS = Kind.values();
  private static final Origin[] ORIGINS = Origin.values();

  @Override
  public Part createInstance() {
    return new Part("", "", Kind.ENTER, "", 0, 0, Origin.LOG, null, null);
  }

  @Override
  public void serialize(Part part, DataOutputView out) throws IOException {
    Compact.writeText(part.rule(), out);
    // Exactly as it is, also half a character: the receiver must see the key that the sender saw.
    StringValue.writeString(part.subject(), out);
    out.writeByte(part.kind().ordinal());
    Compact.writeText(part.row(), out);
    out.writeLong(part.time());
    Compact.writeNumber(part.lsn(), out);
    out.writeByte(part.origin().ordinal());
    Compact.writeBytes(part.value(), out);
    Compact.writeBytes(part.quantity(), out);
  }

  @Override
  public Part deserialize(DataInputView in) throws IOException {
    return new Part(
        Compact.readText(in),
        StringValue.readString(in),
        KINDS[in.readByte()],
        Compact.readText(in),
        in.readLong(),
        Compact.readNumber(in),
        ORIGINS[in.readByte()],
        Compact.readBytes(in),
        Compact.readBytes(in));
  }

  @Override
  public TypeSerializerSnapshot<Part> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the format in savepoints. */
  public static final class Snapshot extends VersionedSnapshot<Part> {
    public Snapshot() {
      super(1, 1);
    }

    @Override
    protected TypeSerializer<Part> serializer(int version) {
      return INSTANCE;
    }
  }
}
