package io.flinkblocks.files;

import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Version 1: the fields in their order. */
final class FileSplitSerializer implements SimpleVersionedSerializer<FileSplit> {
  private static final int VERSION = 1;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(FileSplit split) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    out.writeUTF(split.path());
    out.writeLong(split.size());
    out.writeLong(split.firstStart());
    out.writeLong(split.position());
    out.writeLong(split.lines());
    out.writeBoolean(split.midLine());
    out.writeLong(split.maxTimestamp());
    out.writeLong(split.emitted());
    out.writeBoolean(split.finished());
    return out.getCopyOfBuffer();
  }

  /**
   * @throws IOException for a version that this program does not know
   */
  @Override
  public FileSplit deserialize(int version, byte[] bytes) throws IOException {
    if (version != VERSION) {
      throw new IOException("unknown version of a file's state: " + version);
    }
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    return new FileSplit(
        in.readUTF(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readBoolean(),
        in.readLong(),
        in.readLong(),
        in.readBoolean());
  }
}
