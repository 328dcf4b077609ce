package io.flinkblocks.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.flinkblocks.event.DeadLetter;
import io.flinkblocks.event.DeadLetter.Header;
import io.flinkblocks.event.DeadLetter.Reason;
import io.flinkblocks.event.Event;
import io.flinkblocks.event.SourceRecord;
import io.flinkblocks.source.SplitEmitter;
import io.flinkblocks.source.TestingEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class KafkaEventEmitterTest {
  private static final long BOUND_MS = 5_000;
  private static final long FUTURE_MS = 1_000;

  private final KafkaEventEmitter emitter =
      new KafkaEventEmitter(new SplitEmitter(BOUND_MS), FUTURE_MS);
  private final KafkaEventSplit.State split =
      new KafkaEventSplit.State(
          KafkaEventSplit.of(new KafkaPartitionSplit(new TopicPartition("t", 3), 0)));
  private final Output output = new Output();

  private static ConsumerRecord<byte[], byte[]> record(long kafkaTimestamp, byte[] value) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("h", "1".getBytes(UTF_8));
    headers.add("h", null);
    byte[] key = "key".getBytes(UTF_8);
    return new ConsumerRecord<>(
        "t",
        3,
        41,
        kafkaTimestamp,
        TimestampType.LOG_APPEND_TIME,
        3,
        0,
        key,
        value,
        headers,
        Optional.empty());
  }

  private static Reason reason(SourceRecord record) {
    return ((DeadLetter) record).reason();
  }

  @Test
  void eventMovesItsPartitionsWatermarkAndOffset() {
    emitter.emitRecord(record(100_000, TestingEvents.bytes("e", 100_000)), output, split);

    assertEquals("e", ((Event) output.records.get(0)).eventId());
    assertEquals(List.of(100_000L), output.timestamps);
    assertEquals(List.of(100_000 - BOUND_MS - 1), output.watermarks);
    assertEquals(42, split.getCurrentOffset());
    assertEquals(100_000, split.toSplit().maxTimestamp());
    assertEquals(100_000 - BOUND_MS - 1, split.toSplit().emitted());
  }

  @Test
  void deadLetterKeepsWhereItCameFrom() {
    emitter.emitRecord(record(100_000, "{".getBytes(UTF_8)), output, split);

    DeadLetter letter = (DeadLetter) output.records.get(0);
    assertEquals(Reason.NOT_JSON, letter.reason());
    assertEquals("t", letter.origin().topic());
    assertEquals(3, letter.origin().partition());
    assertEquals(41, letter.origin().offset());
    assertArrayEquals("key".getBytes(UTF_8), letter.origin().key());
    List<Header> headers = letter.origin().headers();
    assertEquals(2, headers.size());
    assertArrayEquals("1".getBytes(UTF_8), headers.get(0).value());
    assertNull(headers.get(1).value());
    assertEquals(List.of(), output.watermarks);
    assertEquals(42, split.getCurrentOffset());
  }

  @Test
  void recordWithoutValueIsEmpty() {
    emitter.emitRecord(record(100_000, null), output, split);

    assertEquals(Reason.EMPTY_RECORD, reason(output.records.get(0)));
  }

  @Test
  void theFutureBeginsAfterTheKafkaTimestamp() {
    byte[] value = TestingEvents.bytes("e", 100_000);
    emitter.emitRecord(record(99_000, value), output, split);
    emitter.emitRecord(record(98_999, value), output, split);
    emitter.emitRecord(record(ConsumerRecord.NO_TIMESTAMP, value), output, split);

    assertEquals("e", ((Event) output.records.get(0)).eventId());
    assertEquals(Reason.TIMESTAMP_IN_FUTURE, reason(output.records.get(1)));
    assertEquals("e", ((Event) output.records.get(2)).eventId());
  }

  private static final class Output implements SourceOutput<SourceRecord> {
    private final List<SourceRecord> records = new ArrayList<>();
    private final List<Long> timestamps = new ArrayList<>();
    private final List<Long> watermarks = new ArrayList<>();

    @Override
    public void collect(SourceRecord record) {
      records.add(record);
    }

    @Override
    public void collect(SourceRecord record, long timestamp) {
      records.add(record);
      timestamps.add(timestamp);
    }

    @Override
    public void emitWatermark(Watermark watermark) {
      watermarks.add(watermark.getTimestamp());
    }

    @Override
    public void markIdle() {}

    @Override
    public void markActive() {}
  }
}
