package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.internal.InternalValueState;

/**
 * The results of a {@link LevelOperator} in keyed state: those of the lowest level, to which events
 * are added, and those of the levels above, each made of the results of the level below. The
 * highest level's are not stored: nothing is made of them.
 *
 * <p>The key is always the operator's current one, a window's start is the state's namespace.
 *
 * @param <A> the accumulator
 */
final class LevelStore<A> {
  private final List<Panes> levels;
  private final Aggregator<A> aggregator;
  private final TypeSerializer<A> serializer;
  private final PaneStore<A> lowest;

  /** Of the levels between the lowest and the highest. Written once per firing: no cache helps. */
  private final List<InternalValueState<String, Long, A>> between = new ArrayList<>();

  /**
   * @param levels from the lowest up, each of windows that are a multiple of those before
   * @param cacheBytes see {@link PaneStore#open}
   */
  @SuppressWarnings("unchecked") // The only way to a state with a namespace of one's own.
  LevelStore(
      KeyedStateBackend<String> backend,
      List<Panes> levels,
      Aggregator<A> aggregator,
      long cacheBytes)
      throws Exception {
    this.levels = levels;
    this.aggregator = aggregator;
    this.serializer = aggregator.serializer();
    this.lowest = PaneStore.open(backend, "panes", aggregator, cacheBytes);
    for (int level = 1; level < levels.size() - 1; level++) {
      var descriptor = new ValueStateDescriptor<>("results-" + level, serializer);
      between.add(
          (InternalValueState<String, Long, A>)
              backend.getOrCreateKeyedState(LongSerializer.INSTANCE, descriptor));
    }
  }

  /**
   * Adds an event to a window of the lowest level.
   *
   * @return whether it is the window's first
   */
  boolean add(long start, Event event) throws Exception {
    return lowest.add(start, event);
  }

  /**
   * Adds a sum of events to a window of the lowest level; see {@link PaneStore#merge}.
   *
   * @return whether they are the window's first
   */
  boolean merge(long start, A sum) throws Exception {
    return lowest.merge(start, sum);
  }

  /**
   * Makes the result of a window of the results that its parts have now, and stores it for the
   * level above.
   *
   * @return not to be changed or kept; null when the window has no events
   */
  A result(int level, Window window) throws Exception {
    if (level == 0) {
      return lowest.get(window.start());
    }
    A sum = sumOfParts(level, window);
    if (sum != null && level < levels.size() - 1) {
      results(level, window.start()).update(sum);
    }
    return sum;
  }

  /** Removes what the result of a window is made of. */
  void removeParts(int level, Window window) throws Exception {
    if (level == 0) {
      return; // Its only part is its result, which the level above needs.
    }
    long step = levels.get(level - 1).size();
    for (long part = window.start(); part < window.end(); part += step) {
      if (level == 1) {
        lowest.remove(part);
      } else {
        results(level - 1, part).clear();
      }
    }
  }

  /** Brings the keyed state up to date; to be called before it is snapshotted. */
  void flush() throws Exception {
    lowest.flush();
  }

  private A sumOfParts(int level, Window window) throws Exception {
    A sum = null;
    long step = levels.get(level - 1).size();
    for (long start = window.start(); start < window.end(); start += step) {
      A part = level == 1 ? lowest.get(start) : results(level - 1, start).value();
      if (part == null) {
        continue;
      }
      if (sum == null) {
        sum = serializer.copy(part); // Cheaper than adding all of it to nothing.
      } else {
        aggregator.merge(part, sum);
      }
    }
    return sum;
  }

  private InternalValueState<String, Long, A> results(int level, long start) {
    InternalValueState<String, Long, A> state = between.get(level - 1);
    state.setCurrentNamespace(start);
    return state;
  }
}
