package io.flinkblocks.kafka;

import io.flinkblocks.event.DeadLetter.Header;
import io.flinkblocks.output.OutputRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Sends each record to the topic of its output, bytes as they are. */
final class OutputSerializer
    implements KafkaRecordSerializationSchema<OutputRecord>, KafkaDatasetFacetProvider {
  private static final long serialVersionUID = 1;

  private final Map<String, String> topics;

  /**
   * @param topics output name -> topic
   */
  OutputSerializer(Map<String, String> topics) {
    this.topics = Map.copyOf(topics);
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      OutputRecord record, KafkaSinkContext context, Long timestamp) {
    RecordHeaders headers = new RecordHeaders();
    for (Header header : record.headers()) {
      headers.add(header.name(), header.value());
    }
    // No partition: the key decides. No timestamp: the broker appends its own, see Topics.
    return new ProducerRecord<>(
        topics.get(record.output()), null, null, record.key(), record.value(), headers);
  }

  /** The topics among whose open transactions the sink looks for its own after a restart. */
  @Override
  public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
    List<String> names = new ArrayList<>(topics.values());
    return Optional.of(new DefaultKafkaDatasetFacet(DefaultKafkaDatasetIdentifier.ofTopics(names)));
  }
}
