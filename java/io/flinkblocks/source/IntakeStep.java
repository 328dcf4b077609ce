package io.flinkblocks.source;

import io.flinkblocks.event.DeadLetter;
import io.flinkblocks.event.DeadLetter.Reason;
import io.flinkblocks.output.DeadLetters;
import io.flinkblocks.output.OutputRecord;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * What every intake does, whatever its source reads: it counts, and hands dead letters to their
 * output. What is to become of the valid records is the operator's own.
 *
 * @param <I> what the source emits
 * @param <O> what goes on
 */
public abstract class IntakeStep<I, O> extends AbstractStreamOperator<O>
    implements OneInputStreamOperator<I, O> {
  /** The side output of the dead letters. */
  public static final OutputTag<OutputRecord> DEAD_LETTERS =
      new OutputTag<>(OutputRecord.DEAD_LETTER, OutputRecord.TYPE);

  private static final long serialVersionUID = 1;

  private transient Tally tally;
  private transient Tally.Count read;
  private transient Tally.Count valid;
  private transient Tally.Count deadLettered;
  private transient Map<Reason, Tally.Count> reasons;
  // Read by the thread that reports metrics; a value that is a moment old does no harm.
  private transient long watermark;

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    tally = Tally.open("source", context, getRuntimeContext());
    read = counter("read");
    valid = counter("valid");
    deadLettered = counter("dead-lettered");
    reasons = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      reasons.put(reason, counter("dead-lettered." + reason.label()));
    }
    watermark = Long.MIN_VALUE;
    getMetricGroup().gauge("eventTimeLagMs", (Gauge<Long>) this::eventTimeLag);
  }

  /** One more count of the source; to be called in {@code initializeState}. */
  protected final Tally.Count counter(String name) {
    return tally.counter(name);
  }

  /** Counts a valid record. */
  protected final void accept() {
    read.increment();
    valid.increment();
  }

  /** Counts a record that is not valid, and hands it to its output. */
  protected final void refuse(DeadLetter letter) {
    read.increment();
    deadLettered.increment();
    reasons.get(letter.reason()).increment();
    output.collect(DEAD_LETTERS, new StreamRecord<>(DeadLetters.toOutput(letter)));
  }

  /** Wall clock minus watermark in ms; 0 before the first watermark and after the last. */
  final long eventTimeLag() {
    boolean known = watermark != Long.MIN_VALUE && watermark != Long.MAX_VALUE;
    return known ? getProcessingTimeService().getCurrentProcessingTime() - watermark : 0;
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    tally.snapshot();
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    watermark = mark.getTimestamp();
    super.processWatermark(mark);
  }
}
