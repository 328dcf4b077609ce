package io.flinkblocks.kafka;

import io.flinkblocks.config.Settings;
import io.flinkblocks.config.UserError;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.sink.OutputMetrics;
import java.util.Collection;
import java.util.Map;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The Kafka side of a job's one sink: exactly once, all outputs in one transaction. */
public final class KafkaOutput {
  /**
   * Writes every record to the topic of its output.
   *
   * <p>Prepares the cluster first: checks it, creates missing topics. One transaction per subtask
   * and checkpoint covers all outputs, so that what readers of committed records see is one and the
   * same checkpoint of every output.
   *
   * @param outputs all that the records may name
   * @throws UserError when the cluster or a topic does not serve, see {@link Broker#check} and
   *     {@link Topics#prepareOutputs}
   */
  public static void write(
      DataStream<OutputRecord> records, Collection<String> outputs, Settings settings) {
    Broker.Report broker = Broker.check(settings);
    Map<String, String> topics = Topics.prepareOutputs(outputs, settings);
    KafkaSink<OutputRecord> sink =
        KafkaSink.<OutputRecord>builder()
            .setKafkaProducerConfig(KafkaProperties.of(settings).toProperties())
            .setProperty(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(Topics.MAX_RECORD_BYTES))
            .setProperty(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Long.toString(broker.transactionMs()))
            .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
            .setTransactionalIdPrefix(transactionalIds(settings))
            // A few ids per subtask are used again and again, and after a failure the sink asks the
            // broker which of them have a transaction open, to abort those that no checkpoint
            // holds. INCREMENTING, the default, takes a new id for each checkpoint: the broker
            // keeps each for a week, and a start without state tries all of an earlier run's ids
            // one by one, so it takes the longer the longer that run was.
            // The price: the sink needs the right to read its topics. And when a run was killed
            // while a transaction reused an id of the very checkpoint that is resumed, that
            // transaction stays open till the next checkpoint but one (with a lower parallelism:
            // till it times out). Readers wait for it; nothing is lost or doubled.
            .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
            .setRecordSerializer(new OutputSerializer(topics))
            .build();
    OutputMetrics.measured(records, outputs)
        .sinkTo(new TidyKafkaSink<>(sink))
        .name("sink")
        .uid("sink");
  }

  /**
   * What the transactional ids begin with: app and block, and the topic prefix, so that the same
   * app may run beside itself on other topics. The colons, which no topic has, keep one job's
   * beginning from being the beginning of another's: by it, a sink knows what to abort.
   */
  static String transactionalIds(Settings settings) {
    return String.format(
        "%s-%s:%s:",
        settings.text("app-name"),
        settings.text("block"),
        settings.find("topic-prefix").orElse(""));
  }

  private KafkaOutput() {}
}
