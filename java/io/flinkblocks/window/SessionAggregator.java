package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import java.io.Serializable;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * What an analysis computes of sessions: pure logic without state, time or engine, plugged into
 * {@link SessionOperator}. Start, last event and number of events are kept by the {@link Session}.
 *
 * <p>The result of a session must depend on its events alone, not on their order nor on how they
 * were split over sessions that were joined.
 *
 * @param <S> the session with what is known of it
 */
public interface SessionAggregator<S extends Session> extends Serializable {
  /** A session of no events. */
  S create();

  /** Adds an event. The event is immutable and may be kept. */
  void add(Event event, S session, Overflow overflow);

  /**
   * Adds all that one session holds to another, that in the overflow too.
   *
   * @param from is thrown away afterwards
   * @param into the one with more events
   */
  void merge(S from, S into, Overflow overflow);

  /**
   * Emits the records of a session; called again with the corrected session when a late event
   * joined it, and before it is over when there are early firings.
   *
   * @param session belongs to the state: not to be changed or kept
   */
  void emit(SessionFiring firing, S session, Overflow overflow, Consumer<OutputRecord> out);

  /**
   * Says that there is no session with this start any more: late events made it begin earlier, or
   * joined it to the one before.
   */
  void retract(String key, long start, Consumer<OutputRecord> out);

  /** How sessions are stored; see {@link Aggregator#serializer}. */
  TypeSerializer<S> serializer();
}
