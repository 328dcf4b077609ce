package io.flinkblocks.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flinkblocks.source.EventTimeProgress;
import java.io.IOException;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class KafkaEventSplitSerializerTest {
  private static final KafkaPartitionSplit STOCK =
      new KafkaPartitionSplit(new TopicPartition("topic", 7), 41, 99);

  private final KafkaEventSplitSerializer serializer = new KafkaEventSplitSerializer();

  private static void assertSame(long maxTimestamp, long emitted, KafkaPartitionSplit split) {
    // Offsets and partition are compared by the stock class.
    assertEquals(STOCK, split);
    assertEquals(maxTimestamp, ((KafkaEventSplit) split).maxTimestamp());
    assertEquals(emitted, ((KafkaEventSplit) split).emitted());
  }

  @Test
  void keepsOffsetsAndEventTime() throws IOException {
    byte[] bytes = serializer.serialize(new KafkaEventSplit(STOCK, 1234, -5));

    assertSame(1234, -5, serializer.deserialize(serializer.getVersion(), bytes));
  }

  @Test
  void takesASplitOfTheEnumerator() throws IOException {
    byte[] bytes = serializer.serialize(STOCK);

    assertSame(
        EventTimeProgress.NONE,
        EventTimeProgress.NONE,
        serializer.deserialize(serializer.getVersion(), bytes));
  }

  @Test
  void readsWhatTheStockConnectorWrote() throws IOException {
    KafkaPartitionSplitSerializer stock = new KafkaPartitionSplitSerializer();

    assertSame(
        EventTimeProgress.NONE,
        EventTimeProgress.NONE,
        serializer.deserialize(stock.getVersion(), stock.serialize(STOCK)));
  }

  @Test
  void anUnknownVersionIsRefused() throws IOException {
    byte[] bytes = serializer.serialize(STOCK);

    assertThrows(IOException.class, () -> serializer.deserialize(1002, bytes));
    assertThrows(IOException.class, () -> serializer.deserialize(5, bytes));
  }
}
