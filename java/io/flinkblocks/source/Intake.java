package io.flinkblocks.source;

import io.flinkblocks.event.Event;
import io.flinkblocks.event.SourceRecord;
import io.flinkblocks.output.OutputRecord;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * The step behind every source: valid events go on, dead letters go to their output, both are
 * counted.
 *
 * <p>Accumulators and metrics {@code accounting.source.read}, {@code .valid}, {@code
 * .dead-lettered} and {@code .dead-lettered.<reason>}, with read = valid + dead-lettered; metric
 * {@code eventTimeLagMs}, wall clock minus watermark. The counts continue after a restart.
 */
public final class Intake {
  /** Uid and name of the step; state is found by it. */
  public static final String UID = "intake";

  private final SingleOutputStreamOperator<Event> events;

  private Intake(SingleOutputStreamOperator<Event> events) {
    this.events = events;
  }

  /** Puts the step behind a source, with the source's parallelism, so that they are one task. */
  public static Intake of(DataStream<SourceRecord> source) {
    return new Intake(
        source
            .transform(UID, Event.TYPE, new IntakeOperator())
            .setParallelism(source.getParallelism())
            .uid(UID));
  }

  /** The valid events. */
  public DataStream<Event> events() {
    return events;
  }

  /** The records of the dead-letter output. */
  public DataStream<OutputRecord> deadLetters() {
    return events.getSideOutput(IntakeStep.DEAD_LETTERS);
  }
}
