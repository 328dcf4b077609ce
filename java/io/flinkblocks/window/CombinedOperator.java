package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;

/**
 * The second of two steps: a {@link PaneCombiner} adds up events where they are read, the operator
 * adds up its sums by key, and makes windows of them.
 *
 * @param <A> the accumulator
 */
public interface CombinedOperator<A> extends OneInputStreamOperator<PanePart<A>, OutputRecord> {
  /** The first step for this operator; the parameters are those of {@link PaneCombiner}. */
  PaneCombiner<A> combiner(int keyField, boolean isNewerThanWindows);

  /** How sums cross the network. */
  TypeSerializer<A> accumulators();

  /**
   * Adds both steps to a job, with the uids {@code <output>-combine} and {@code <output>}.
   *
   * @param events those that concern the output, with watermarks
   * @param keyField the string field of {@link Event} that is the key
   * @param output the output's name
   */
  static <A> DataStream<OutputRecord> apply(
      DataStream<Event> events,
      int keyField,
      boolean isNewerThanWindows,
      String output,
      CombinedOperator<A> windows) {
    String uid = output + "-combine";
    return events
        .transform(
            uid,
            PanePart.type(windows.accumulators()),
            windows.combiner(keyField, isNewerThanWindows))
        .setParallelism(events.getParallelism())
        .uid(uid)
        .keyBy(PanePart::key, Types.STRING)
        .transform(output, OutputRecord.TYPE, windows)
        .uid(output);
  }
}
