package io.flinkblocks.ordered;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import java.io.Serializable;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * What an analysis makes of one key's events in their order: pure logic without engine, plugged
 * into {@link OrderedOperator}.
 *
 * <p>Everything it knows of a key is in the key's state, and every state has an end: as long as
 * there is one, {@link #timer} says when the logic wants to look at it again, whether or not
 * another event comes. So a key that falls silent leaves nothing behind.
 *
 * @param <S> the mutable state of one key
 */
public interface KeyedLogic<S> extends Serializable {
  /** The timer of a state that is not needed any more. */
  long NEVER = Long.MAX_VALUE;

  /** The state of a key of which nothing is known. */
  S create();

  /**
   * Takes in the key's next event, in the order of {@link io.flinkblocks.event.EventOrder}. The
   * event is immutable and may be kept.
   *
   * @param out takes the records to emit; they get the event's timestamp
   */
  void onEvent(Event event, S state, Consumer<OutputRecord> out);

  /**
   * The time that {@link #timer} asked for has come: all the key's events before it were handed
   * over, and none of those at or after it. At the end of the input every time comes: a state that
   * merely expires emits nothing, a timeout does.
   *
   * @param time in ms since the epoch, exactly as asked for
   * @param out takes the records to emit; they get this time as timestamp
   */
  void onTimer(String key, long time, S state, Consumer<OutputRecord> out);

  /**
   * When to call {@link #onTimer} next, in ms since the epoch, or {@link #NEVER} to have the state
   * removed. A function of the state alone, asked after everything that may have changed it; after
   * {@code onTimer} it must be a later time.
   */
  long timer(S state);

  /**
   * Roughly how much memory a state takes, in bytes; asked after each change, so it has to be
   * quick. The default is for a handful of numbers: a state that grows has to tell.
   */
  default long footprint(S state) {
    return 64;
  }

  /**
   * How states are stored. They outlive a version of the job, so the form has a version: see {@link
   * io.flinkblocks.window.MutableSerializer} and {@link io.flinkblocks.event.VersionedSnapshot}.
   */
  TypeSerializer<S> serializer();
}
