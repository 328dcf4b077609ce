package io.flinkblocks.kafka;

import io.flinkblocks.event.SourceRecord;
import io.flinkblocks.source.SplitEmitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.synchronization.FutureCompletingBlockingQueue;
import org.apache.flink.connector.kafka.source.metrics.KafkaSourceReaderMetrics;
import org.apache.flink.connector.kafka.source.reader.KafkaPartitionSplitReader;
import org.apache.flink.connector.kafka.source.reader.KafkaSourceReader;
import org.apache.flink.connector.kafka.source.reader.fetcher.KafkaSourceFetcherManager;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitState;
import org.apache.flink.core.io.InputStatus;

/** The stock reader, which fetches and commits, with event time kept in each split's state. */
// The stock reader declares a close() that may be interrupted.
@SuppressWarnings("try")
final class KafkaEventReader extends KafkaSourceReader<SourceRecord> {
  private final SplitEmitter emitter;
  private final List<KafkaEventSplit> unresumed = new ArrayList<>();

  private KafkaEventReader(
      Properties properties,
      SourceReaderContext context,
      KafkaSourceReaderMetrics metrics,
      SplitEmitter emitter,
      long maxFuture) {
    super(
        // Not used any more: the fetcher manager makes a queue of its own.
        new FutureCompletingBlockingQueue<>(),
        new KafkaSourceFetcherManager(
            new FutureCompletingBlockingQueue<>(),
            () -> new KafkaPartitionSplitReader(properties, context, metrics),
            finishedSplits -> {}),
        new KafkaEventEmitter(emitter, maxFuture),
        configuration(properties),
        context,
        metrics);
    this.emitter = emitter;
  }

  static KafkaEventReader of(
      Properties properties, SourceReaderContext context, SplitEmitter emitter, long maxFuture) {
    return new KafkaEventReader(
        properties,
        context,
        new KafkaSourceReaderMetrics(context.metricGroup()),
        emitter,
        maxFuture);
  }

  private static Configuration configuration(Properties properties) {
    Configuration configuration = new Configuration();
    properties
        .stringPropertyNames()
        .forEach(name -> configuration.setString(name, properties.getProperty(name)));
    return configuration;
  }

  @Override
  public void addSplits(List<KafkaPartitionSplit> splits) {
    splits.forEach(split -> unresumed.add(KafkaEventSplit.of(split)));
    super.addSplits(splits);
  }

  /** Reads on; restored watermarks come first, before any record, and without waiting for one. */
  @Override
  public InputStatus pollNext(ReaderOutput<SourceRecord> output) throws Exception {
    if (!unresumed.isEmpty()) {
      for (KafkaEventSplit split : unresumed) {
        emitter.resume(
            output.createOutputForSplit(split.splitId()),
            new KafkaEventSplit.State(split).progress());
      }
      unresumed.clear();
    }
    return super.pollNext(output);
  }

  @Override
  protected KafkaPartitionSplitState initializedState(KafkaPartitionSplit split) {
    return new KafkaEventSplit.State(KafkaEventSplit.of(split));
  }

  @Override
  protected KafkaPartitionSplit toSplitType(String id, KafkaPartitionSplitState state) {
    return ((KafkaEventSplit.State) state).toSplit();
  }
}
