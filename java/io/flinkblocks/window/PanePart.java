package io.flinkblocks.window;

import io.flinkblocks.event.CompactType;
import io.flinkblocks.event.Event;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * What a {@link PaneCombiner} sends to a key: either one event, or the sum of some events of one
 * pane.
 *
 * @param key of all of them
 * @param event the one event; null for a sum
 * @param pane start of the sum's pane
 * @param events how many are in the sum
 * @param sum belongs to whoever gets the part; null for an event
 * @param <A> the accumulator
 */
record PanePart<A>(String key, Event event, long pane, long events, A sum) {
  /** An event by itself. */
  static <A> PanePart<A> of(String key, Event event) {
    return new PanePart<>(key, event, 0, 1, null);
  }

  /**
   * Makes sure that the watermark has not reached what a sum belongs to: of its events nobody could
   * say any more which are late.
   *
   * @param first the first window that has the sum's pane
   */
  void requireAhead(Window first, long watermark) {
    if (first.isOverAt(watermark)) {
      throw new IllegalStateException(
          "a sum of %s at %d came behind the watermark %d".formatted(key, pane, watermark));
    }
  }

  /** How Flink moves parts. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // A class knows nothing of its type parameters.
  static <A> TypeInformation<PanePart<A>> type(TypeSerializer<A> accumulators) {
    return new CompactType<>((Class) PanePart.class, new PanePartSerializer<>(accumulators));
  }
}
