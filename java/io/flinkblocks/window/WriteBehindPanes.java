package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.internal.InternalAggregatingState;

/**
 * Panes of a backend that keeps bytes, as RocksDB does, behind a bounded cache of objects.
 *
 * <p>Such a backend reads and writes the whole accumulator for every event, although most events go
 * to the few panes that are open: with accumulators of 100 KB that takes milliseconds. Here a pane
 * that gets events stays in memory as an object and is written once it has to be:
 *
 * <ul>
 *   <li>before the keyed state is snapshotted: every checkpoint and savepoint holds all of it, so
 *       restoring and rescaling know nothing of the cache, and a failure loses only what is read
 *       again;
 *   <li>when the cache is full: the panes that were unused for longest make room.
 * </ul>
 *
 * <p>A pane that is removed leaves the cache, too; one that came and went between two checkpoints
 * never reaches the backend.
 */
final class WriteBehindPanes<A> implements PaneStore<A> {
  /** Room for objects in one subtask, in bytes as {@link Aggregator#footprint} tells them. */
  static final long DEFAULT_BYTES = 32L << 20;

  /** What an entry takes beside its accumulator: itself, its place in the map, the key. */
  private static final long ENTRY_BYTES = 250;

  private record Place(String key, long pane) {}

  private static final class Entry<A> {
    final A accumulator;
    long footprint = ENTRY_BYTES;

    /** Whether the backend has the pane, maybe an older version of it. */
    boolean isStored;

    /** Whether the accumulator has changed since it was read or written. */
    boolean isDirty;

    Entry(A accumulator) {
      this.accumulator = accumulator;
    }
  }

  private final KeyedStateBackend<String> backend;
  private final InternalAggregatingState<String, Long, Event, A, A> state;
  private final Aggregator<A> aggregator;
  private final long capacity;

  /** The entry that was unused for longest comes first. */
  private final LinkedHashMap<Place, Entry<A>> entries = new LinkedHashMap<>(64, 0.75f, true);

  private long footprint;

  /**
   * @param capacity in bytes; the pane that is being changed stays, whatever its size
   */
  WriteBehindPanes(
      KeyedStateBackend<String> backend,
      InternalAggregatingState<String, Long, Event, A, A> state,
      Aggregator<A> aggregator,
      long capacity) {
    this.backend = backend;
    this.state = state;
    this.aggregator = aggregator;
    this.capacity = capacity;
  }

  @Override
  public boolean add(long pane, Event event) throws Exception {
    Place place = new Place(backend.getCurrentKey(), pane);
    Entry<A> entry = entries.get(place);
    boolean isNew = false;
    if (entry == null) {
      A stored = read(pane);
      isNew = stored == null;
      entry = new Entry<>(isNew ? aggregator.create() : stored);
      entry.isStored = !isNew;
      entries.put(place, entry);
      footprint += entry.footprint;
    }
    aggregator.add(event, entry.accumulator);
    entry.isDirty = true;
    long before = entry.footprint;
    entry.footprint = ENTRY_BYTES + aggregator.footprint(entry.accumulator);
    footprint += entry.footprint - before;
    if (footprint > capacity) {
      makeRoom();
    }
    return isNew;
  }

  /** Does not take a pane into the cache: most panes that fire get no more events. */
  @Override
  public A get(long pane) throws Exception {
    Entry<A> entry = entries.get(new Place(backend.getCurrentKey(), pane));
    return entry != null ? entry.accumulator : read(pane);
  }

  @Override
  public void remove(long pane) {
    Entry<A> entry = entries.remove(new Place(backend.getCurrentKey(), pane));
    if (entry != null) {
      footprint -= entry.footprint;
    }
    if (entry == null || entry.isStored) {
      state.setCurrentNamespace(pane);
      state.clear();
    }
  }

  @Override
  public void flush() throws Exception {
    String current = backend.getCurrentKey();
    for (Map.Entry<Place, Entry<A>> each : entries.entrySet()) {
      if (each.getValue().isDirty) {
        write(each.getKey(), each.getValue());
      }
    }
    restoreKey(current);
  }

  /** How many panes are in memory. */
  int size() {
    return entries.size();
  }

  /** Drops what was unused for longest, but never the last, which is in use. */
  private void makeRoom() throws Exception {
    String current = backend.getCurrentKey();
    Iterator<Map.Entry<Place, Entry<A>>> oldest = entries.entrySet().iterator();
    for (int left = entries.size(); footprint > capacity && left > 1; left--) {
      Map.Entry<Place, Entry<A>> next = oldest.next();
      if (next.getValue().isDirty) {
        write(next.getKey(), next.getValue());
      }
      footprint -= next.getValue().footprint;
      oldest.remove();
    }
    restoreKey(current);
  }

  private A read(long pane) throws Exception {
    state.setCurrentNamespace(pane);
    return state.getInternal();
  }

  private void write(Place place, Entry<A> entry) throws Exception {
    backend.setCurrentKey(place.key());
    state.setCurrentNamespace(place.pane());
    state.updateInternal(entry.accumulator);
    entry.isDirty = false;
    entry.isStored = true;
  }

  /** The operator goes on with its own key; before the first event there is none. */
  private void restoreKey(String key) {
    if (key != null) {
      backend.setCurrentKey(key);
    }
  }
}
