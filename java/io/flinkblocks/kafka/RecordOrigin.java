package io.flinkblocks.kafka;

import io.flinkblocks.event.DeadLetter.Header;
import io.flinkblocks.event.DeadLetter.Origin;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Where a record of Kafka came from, for its dead letter. */
public final class RecordOrigin {
  /** The record's coordinates, key and headers. */
  public static Origin of(ConsumerRecord<byte[], byte[]> record) {
    List<Header> headers = new ArrayList<>();
    record.headers().forEach(header -> headers.add(new Header(header.key(), header.value())));
    return new Origin(
        record.topic(), record.partition(), record.offset(), record.key(), List.copyOf(headers));
  }

  private RecordOrigin() {}
}
