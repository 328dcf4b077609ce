package io.flinkblocks.kafka;

import io.flinkblocks.source.EventTimeProgress;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitState;

/** A partition with its offset, and how far its event time has come. */
final class KafkaEventSplit extends KafkaPartitionSplit {
  private final long maxTimestamp;
  private final long emitted;

  /**
   * @param maxTimestamp the largest timestamp of a valid event, or {@link EventTimeProgress#NONE}
   * @param emitted the last emitted watermark, or {@link EventTimeProgress#NONE}
   */
  KafkaEventSplit(KafkaPartitionSplit split, long maxTimestamp, long emitted) {
    super(
        split.getTopicPartition(),
        split.getStartingOffset(),
        split.getStoppingOffset().orElse(NO_STOPPING_OFFSET));
    this.maxTimestamp = maxTimestamp;
    this.emitted = emitted;
  }

  /** The enumerator knows partitions and offsets only. */
  static KafkaEventSplit of(KafkaPartitionSplit split) {
    return split instanceof KafkaEventSplit own
        ? own
        : new KafkaEventSplit(split, EventTimeProgress.NONE, EventTimeProgress.NONE);
  }

  long maxTimestamp() {
    return maxTimestamp;
  }

  long emitted() {
    return emitted;
  }

  /** The same while it is being read. */
  static final class State extends KafkaPartitionSplitState {
    private final EventTimeProgress progress;

    State(KafkaEventSplit split) {
      super(split);
      progress = new EventTimeProgress(split.maxTimestamp, split.emitted);
    }

    EventTimeProgress progress() {
      return progress;
    }

    KafkaEventSplit toSplit() {
      return new KafkaEventSplit(
          toKafkaPartitionSplit(), progress.maxTimestamp(), progress.emitted());
    }
  }
}
