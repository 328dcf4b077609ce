package io.flinkblocks.source;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.SourceRecord;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.SourceOutput;

/**
 * Hands a split's records to Flink, and the split's watermark right behind the event that moved it.
 *
 * <p>The watermark goes to the split's own output; Flink passes on the smallest of all splits of
 * the subtask. It does not come from a timer, so that for one split it stands at the same place
 * between the same two records in every run.
 */
public final class SplitEmitter {
  private final long maxOutOfOrderness;

  /**
   * @param maxOutOfOrderness how far behind the largest timestamp events may come, in ms
   */
  public SplitEmitter(long maxOutOfOrderness) {
    this.maxOutOfOrderness = maxOutOfOrderness;
  }

  /** Emits a record of the split whose output and progress these are. */
  public void emit(
      SourceRecord record, SourceOutput<SourceRecord> output, EventTimeProgress progress) {
    // A dead letter has no event time.
    long timestamp = record instanceof Event event ? event.timestamp() : EventTimeProgress.NONE;
    emit(record, timestamp, output, progress);
  }

  /**
   * The same for records of any kind.
   *
   * @param timestamp the record's, in ms since the epoch; {@link EventTimeProgress#NONE} when it
   *     has no event time
   */
  public <T> void emit(
      T record, long timestamp, SourceOutput<T> output, EventTimeProgress progress) {
    if (timestamp == EventTimeProgress.NONE) {
      output.collect(record);
      return;
    }
    output.collect(record, timestamp);
    long watermark = progress.advance(timestamp, maxOutOfOrderness);
    if (watermark != EventTimeProgress.NONE) {
      output.emitWatermark(new Watermark(watermark));
    }
  }

  /** Emits a restored split's watermark again, which Flink itself does not keep. */
  public void resume(SourceOutput<?> output, EventTimeProgress progress) {
    if (progress.emitted() != EventTimeProgress.NONE) {
      output.emitWatermark(new Watermark(progress.emitted()));
    }
  }
}
