package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.Amount;
import io.flinkblocks.output.OutputRecord;
import java.io.Serializable;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * What a windowed analysis computes: pure logic without state, time or engine, plugged into {@link
 * PaneOperator}.
 *
 * <p>The result of a window must depend on the events alone, not on their order nor on how they
 * were split over accumulators that were merged.
 *
 * @param <A> the mutable accumulator of one key and one pane
 */
public interface Aggregator<A> extends Serializable {
  /** An accumulator of no events. */
  A create();

  /** Adds an event. The event is immutable and may be kept. */
  void add(Event event, A accumulator);

  /**
   * Adds all that one accumulator holds to another.
   *
   * @param from is not changed, and shares nothing mutable with the target afterwards
   */
  void merge(A from, A into);

  /**
   * Emits the records of a window that has at least one event; called again with the corrected
   * accumulator when the window fires again.
   *
   * @param accumulator belongs to the state: not to be changed or kept
   */
  void emit(Firing firing, A accumulator, Consumer<OutputRecord> out);

  /**
   * Emits the records of a window that has several panes: by default those of their sum. To be
   * overridden where the result needs less than that.
   *
   * @param panes the accumulators, in the order of time; they belong to the state: not to be
   *     changed or kept
   */
  default void emitPanes(Firing firing, List<A> panes, Consumer<OutputRecord> out) {
    A sum = create();
    panes.forEach(pane -> merge(pane, sum));
    emit(firing, sum, out);
  }

  /**
   * A sum that slides over the panes, for windows of many of them; null, the default, for
   * aggregators whose windows are added up anew each time.
   */
  default Rolling<A> rolling() {
    return null;
  }

  /** Whether firings have to tell the number of the revision. */
  default boolean countsRevisions() {
    return false;
  }

  /**
   * Whether a result is compared with that of the window one size earlier: {@link Firing#before}.
   * Then there must be {@link #amount}, and {@link #rolling} for windows of several panes.
   */
  default boolean compares() {
    return false;
  }

  /**
   * The amount of a result that the window one size later is compared with.
   *
   * @param accumulator not to be changed or kept
   */
  default Amount amount(A accumulator) {
    throw new UnsupportedOperationException("nothing is compared");
  }

  /**
   * Roughly how much memory an accumulator takes, in bytes; asked after each event, so it has to be
   * quick. The default is for a handful of numbers: an accumulator that grows has to tell.
   */
  default long footprint(A accumulator) {
    return 64;
  }

  /**
   * How accumulators are stored. They outlive a version of the job, so the form has a version: see
   * {@link MutableSerializer} and {@link io.flinkblocks.event.VersionedSnapshot}.
   */
  TypeSerializer<A> serializer();
}
