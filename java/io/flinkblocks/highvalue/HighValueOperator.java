package io.flinkblocks.highvalue;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.source.Tally;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Emits a record for each event that matches; counts these as used, the others as not relevant. */
final class HighValueOperator extends AbstractStreamOperator<OutputRecord>
    implements OneInputStreamOperator<Event, OutputRecord> {
  private static final long serialVersionUID = 1;

  private final HighValueRule rule;

  private transient JsonWriter json;
  private transient Tally tally;
  private transient Tally.Count used;
  private transient Tally.Count notRelevant;

  HighValueOperator(HighValueRule rule) {
    this.rule = rule;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    json = new JsonWriter();
    tally = Tally.open(HighValue.OUTPUT, context, getRuntimeContext());
    used = tally.counter("used");
    notRelevant = tally.counter("not-relevant");
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    tally.snapshot();
  }

  @Override
  public void processElement(StreamRecord<Event> element) {
    Event event = element.getValue();
    if (rule.matches(event)) {
      used.increment();
      output.collect(new StreamRecord<>(rule.record(event, json), event.timestamp()));
    } else {
      notRelevant.increment();
    }
  }
}
