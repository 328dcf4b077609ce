package io.flinkblocks.analytics;

import io.flinkblocks.source.Tally;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Holds the newest row of each id for a moment and hands them on together: a row that changes often
 * is written once, and a transaction of the database is worth its price.
 *
 * <p>They go on a while after the first of them came, when there are {@link #MOST}, before each
 * checkpoint, and at the end of the input. So a checkpoint has nothing of them: what it contains
 * was written. To be chained between the rows and the sink.
 *
 * <p>Accounting: {@code accounting.output.<output>}, the rows that were handed on.
 */
final class Coalesce extends AbstractStreamOperator<Batch>
    implements OneInputStreamOperator<Upsert, Batch>, BoundedOneInput {
  /** So many rows do not wait for more. */
  static final int MOST = 1_000;

  private static final long serialVersionUID = 1;

  private final String name;
  private final long intervalMs;

  private transient Map<Long, Upsert> held;
  private transient boolean isTimerSet;
  private transient Tally tally;
  private transient Tally.Count written;

  /**
   * @param output the name to account for
   * @param intervalMs how long a row waits for others, of processing time
   */
  Coalesce(String output, long intervalMs) {
    this.name = output;
    this.intervalMs = intervalMs;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    held = new LinkedHashMap<>();
    tally = Tally.open("output", context, getRuntimeContext());
    written = tally.counter(name);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    tally.snapshot();
  }

  @Override
  public void processElement(StreamRecord<Upsert> element) {
    Upsert upsert = element.getValue();
    held.put(upsert.id(), upsert);
    if (held.size() >= MOST) {
      handOn();
    } else if (!isTimerSet) {
      isTimerSet = true;
      long now = getProcessingTimeService().getCurrentProcessingTime();
      getProcessingTimeService().registerTimer(now + intervalMs, time -> onTimer());
    }
  }

  private void onTimer() {
    isTimerSet = false;
    handOn();
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    handOn();
  }

  @Override
  public void endInput() {
    handOn();
  }

  private void handOn() {
    if (held.isEmpty()) {
      return;
    }
    written.add(held.size());
    output.collect(new StreamRecord<>(new Batch(List.copyOf(held.values()))));
    held.clear();
  }
}
