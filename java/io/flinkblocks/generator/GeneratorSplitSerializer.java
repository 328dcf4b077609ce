package io.flinkblocks.generator;

import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Version 1: the fields in their order. */
final class GeneratorSplitSerializer implements SimpleVersionedSerializer<GeneratorSplit> {
  private static final int VERSION = 1;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(GeneratorSplit split) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(36);
    out.writeInt(split.lane());
    out.writeLong(split.next());
    out.writeLong(split.firstStart());
    out.writeLong(split.maxTimestamp());
    out.writeLong(split.emitted());
    return out.getCopyOfBuffer();
  }

  /**
   * @throws IOException for a version that this program does not know
   */
  @Override
  public GeneratorSplit deserialize(int version, byte[] bytes) throws IOException {
    if (version != VERSION) {
      throw new IOException("unknown version of a lane's state: " + version);
    }
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    return new GeneratorSplit(
        in.readInt(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
  }
}
