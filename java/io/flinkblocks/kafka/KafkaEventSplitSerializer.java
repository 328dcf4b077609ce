package io.flinkblocks.kafka;

import java.io.IOException;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * The stock connector's form of a split, and the event time behind it.
 *
 * <p>It also reads the form of the stock connector alone, so that a savepoint of a job with Flink's
 * own source of the same uid goes on here, at its offsets.
 */
final class KafkaEventSplitSerializer implements SimpleVersionedSerializer<KafkaPartitionSplit> {
  // Far from the stock connector's numbers, which start at 0.
  private static final int VERSION = 1001;

  private final KafkaPartitionSplitSerializer stock = new KafkaPartitionSplitSerializer();

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(KafkaPartitionSplit split) throws IOException {
    KafkaEventSplit own = KafkaEventSplit.of(split);
    byte[] bytes = stock.serialize(split);
    DataOutputSerializer out = new DataOutputSerializer(bytes.length + 24);
    out.writeInt(stock.getVersion());
    out.writeInt(bytes.length);
    out.write(bytes);
    out.writeLong(own.maxTimestamp());
    out.writeLong(own.emitted());
    return out.getCopyOfBuffer();
  }

  /**
   * @throws IOException for a version that neither this class nor the stock connector writes
   */
  @Override
  public KafkaPartitionSplit deserialize(int version, byte[] bytes) throws IOException {
    if (version <= stock.getVersion()) {
      return KafkaEventSplit.of(stock.deserialize(version, bytes));
    }
    if (version != VERSION) {
      throw new IOException("unknown version of a Kafka partition's state: " + version);
    }
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    int stockVersion = in.readInt();
    byte[] stockBytes = new byte[in.readInt()];
    in.readFully(stockBytes);
    return new KafkaEventSplit(
        stock.deserialize(stockVersion, stockBytes), in.readLong(), in.readLong());
  }
}
