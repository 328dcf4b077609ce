package io.flinkblocks.source;

import io.flinkblocks.event.DeadLetter;
import io.flinkblocks.event.Event;
import io.flinkblocks.event.SourceRecord;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Sorts events from dead letters and counts both. */
final class IntakeOperator extends IntakeStep<SourceRecord, Event> {
  private static final long serialVersionUID = 1;

  @Override
  public void processElement(StreamRecord<SourceRecord> element) {
    if (element.getValue() instanceof Event event) {
      accept();
      output.collect(element.replace(event));
    } else {
      refuse((DeadLetter) element.getValue());
    }
  }
}
