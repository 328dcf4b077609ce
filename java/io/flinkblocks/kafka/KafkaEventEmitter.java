package io.flinkblocks.kafka;

import io.flinkblocks.event.DeadLetter;
import io.flinkblocks.event.EventParser;
import io.flinkblocks.event.SourceRecord;
import io.flinkblocks.source.SplitEmitter;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.connector.base.source.reader.RecordEmitter;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitState;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** From a consumer's record to an event or a dead letter, and the partition's watermark. */
final class KafkaEventEmitter
    implements RecordEmitter<
        ConsumerRecord<byte[], byte[]>, SourceRecord, KafkaPartitionSplitState> {
  private final SplitEmitter emitter;
  private final long maxFuture;
  private final EventParser parser = new EventParser();

  /**
   * @param maxFuture how far ahead of the record's Kafka timestamp an event's may be, in ms
   */
  KafkaEventEmitter(SplitEmitter emitter, long maxFuture) {
    this.emitter = emitter;
    this.maxFuture = maxFuture;
  }

  @Override
  public void emitRecord(
      ConsumerRecord<byte[], byte[]> record,
      SourceOutput<SourceRecord> output,
      KafkaPartitionSplitState split) {
    SourceRecord parsed = parser.parse(record.value(), latestTimestamp(record));
    if (parsed instanceof DeadLetter letter) {
      parsed = letter.from(RecordOrigin.of(record));
    }
    emitter.emit(parsed, output, ((KafkaEventSplit.State) split).progress());
    split.setCurrentOffset(record.offset() + 1);
  }

  /** The bound is a function of the record, never of the clock: it holds in every replay. */
  private long latestTimestamp(ConsumerRecord<byte[], byte[]> record) {
    // Records of ancient producers have no timestamp.
    return record.timestamp() < 0 ? Long.MAX_VALUE : record.timestamp() + maxFuture;
  }
}
