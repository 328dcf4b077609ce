package io.flinkblocks.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** A list of splits; version 1: how many, the splits' own version, and each with its length. */
public final class SplitListSerializer<S> implements SimpleVersionedSerializer<List<S>> {
  private static final int VERSION = 1;

  private final SimpleVersionedSerializer<S> each;

  public SplitListSerializer(SimpleVersionedSerializer<S> each) {
    this.each = each;
  }

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(List<S> splits) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(1024);
    out.writeInt(splits.size());
    out.writeInt(each.getVersion());
    for (S split : splits) {
      byte[] bytes = each.serialize(split);
      out.writeInt(bytes.length);
      out.write(bytes);
    }
    return out.getCopyOfBuffer();
  }

  /**
   * @throws IOException for a version that this program does not know
   */
  @Override
  public List<S> deserialize(int version, byte[] bytes) throws IOException {
    if (version != VERSION) {
      throw new IOException("unknown version of a list of splits: " + version);
    }
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    int size = in.readInt();
    int splitVersion = in.readInt();
    List<S> splits = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      byte[] split = new byte[in.readInt()];
      in.readFully(split);
      splits.add(each.deserialize(splitVersion, split));
    }
    return splits;
  }
}
