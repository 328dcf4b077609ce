package io.flinkblocks.source;

import io.flinkblocks.event.DeadLetter;
import io.flinkblocks.event.DeadLetter.Reason;
import io.flinkblocks.event.Event;
import io.flinkblocks.event.SourceRecord;
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

/** Sorts events from dead letters and counts both. */
final class IntakeOperator extends AbstractStreamOperator<Event>
    implements OneInputStreamOperator<SourceRecord, Event> {
  private static final long serialVersionUID = 1;

  static final OutputTag<OutputRecord> DEAD_LETTERS =
      new OutputTag<>(OutputRecord.DEAD_LETTER, OutputRecord.TYPE);

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
    read = tally.counter("read");
    valid = tally.counter("valid");
    deadLettered = tally.counter("dead-lettered");
    reasons = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      reasons.put(reason, tally.counter("dead-lettered." + reason.label()));
    }
    watermark = Long.MIN_VALUE;
    getMetricGroup().gauge("eventTimeLagMs", (Gauge<Long>) this::eventTimeLag);
  }

  /** Wall clock minus watermark in ms; 0 before the first watermark and after the last. */
  long eventTimeLag() {
    boolean known = watermark != Long.MIN_VALUE && watermark != Long.MAX_VALUE;
    return known ? getProcessingTimeService().getCurrentProcessingTime() - watermark : 0;
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    tally.snapshot();
  }

  @Override
  public void processElement(StreamRecord<SourceRecord> element) {
    read.increment();
    SourceRecord record = element.getValue();
    if (record instanceof Event event) {
      valid.increment();
      output.collect(element.replace(event));
    } else {
      DeadLetter letter = (DeadLetter) record;
      deadLettered.increment();
      reasons.get(letter.reason()).increment();
      output.collect(DEAD_LETTERS, new StreamRecord<>(DeadLetters.toOutput(letter)));
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    watermark = mark.getTimestamp();
    super.processWatermark(mark);
  }
}
