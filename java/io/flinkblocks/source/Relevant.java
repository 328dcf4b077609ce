package io.flinkblocks.source;

import io.flinkblocks.event.Event;
import org.apache.flink.api.common.functions.FilterFunction;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractUdfStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Lets through what an analysis looks at, and counts the rest as not relevant to it. */
public final class Relevant {
  private Relevant() {}

  /**
   * The events that an analysis looks at. The others are counted in {@code
   * accounting.<analysis>.not-relevant}, accumulator and metric.
   *
   * @param analysis the name of the analysis' output
   * @param predicate whether an event is relevant; a pure function
   * @param uid uid and name of the step
   */
  public static SingleOutputStreamOperator<Event> filter(
      DataStream<Event> events, String analysis, FilterFunction<Event> predicate, String uid) {
    return events
        .transform(uid, Event.TYPE, new Operator(analysis, predicate))
        .setParallelism(events.getParallelism())
        .uid(uid);
  }

  static final class Operator extends AbstractUdfStreamOperator<Event, FilterFunction<Event>>
      implements OneInputStreamOperator<Event, Event> {
    private static final long serialVersionUID = 1;

    private final String analysis;
    private transient Tally tally;
    private transient Tally.Count notRelevant;

    Operator(String analysis, FilterFunction<Event> predicate) {
      super(predicate);
      this.analysis = analysis;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
      super.initializeState(context);
      tally = Tally.open(analysis, context, getRuntimeContext());
      notRelevant = tally.counter("not-relevant");
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
      super.snapshotState(context);
      tally.snapshot();
    }

    @Override
    public void processElement(StreamRecord<Event> element) throws Exception {
      if (userFunction.filter(element.getValue())) {
        output.collect(element);
      } else {
        notRelevant.increment();
      }
    }
  }
}
