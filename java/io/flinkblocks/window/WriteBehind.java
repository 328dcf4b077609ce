package io.flinkblocks.window;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.internal.InternalKvState;
import org.apache.flink.util.function.SupplierWithException;
import org.apache.flink.util.function.ThrowingConsumer;

/**
 * Keyed state of a backend that keeps bytes, as RocksDB does, behind a bounded cache of objects.
 *
 * <p>Such a backend reads and writes a whole value for every event, although most events go to a
 * few values at a time: with values of 100 KB that takes milliseconds. Here a value that is changed
 * stays in memory as an object and is written once it has to be:
 *
 * <ul>
 *   <li>before the keyed state is snapshotted: every checkpoint and savepoint holds all of it, so
 *       restoring and rescaling know nothing of the cache, and a failure loses only what is read
 *       again;
 *   <li>when the cache is full: the values that were unused for longest make room.
 * </ul>
 *
 * <p>A value that is removed leaves the cache, too; one that came and went between two checkpoints
 * never reaches the backend.
 *
 * <p>The key is always the backend's current one.
 *
 * @param <N> the state's namespaces
 * @param <V> its values, which are changed in place
 */
public final class WriteBehind<N, V> {
  /** What an entry takes beside its value: itself, its place in the map, the key. */
  private static final long ENTRY_BYTES = 250;

  private record Place<N>(String key, N namespace) {}

  private static final class Entry<V> {
    /** Null until there is one. */
    V value;

    long footprint = ENTRY_BYTES;

    /** Whether the backend has the value, maybe an older version of it. */
    boolean isStored;

    /** Whether the value has changed since it was read or written. */
    boolean isDirty;
  }

  private final KeyedStateBackend<String> backend;
  private final InternalKvState<String, N, ?> state;
  private final SupplierWithException<V, Exception> read;
  private final ThrowingConsumer<V, Exception> write;
  private final ToLongFunction<V> measure;
  private final long capacity;

  /** The entry that was unused for longest comes first. */
  private final LinkedHashMap<Place<N>, Entry<V>> entries = new LinkedHashMap<>(64, 0.75f, true);

  private long footprint;

  /**
   * @param read what the state has for its current key and namespace; null for nothing
   * @param write stores a value there
   * @param measure roughly the bytes that a value takes in memory
   * @param capacity in bytes; the value that is being changed stays, whatever its size
   */
  public WriteBehind(
      KeyedStateBackend<String> backend,
      InternalKvState<String, N, ?> state,
      SupplierWithException<V, Exception> read,
      ThrowingConsumer<V, Exception> write,
      ToLongFunction<V> measure,
      long capacity) {
    this.backend = backend;
    this.state = state;
    this.read = read;
    this.write = write;
    this.measure = measure;
    this.capacity = capacity;
  }

  /** A value that is not to be changed, null if there is none. Does not take it into the cache. */
  public V peek(N namespace) throws Exception {
    Entry<V> entry = entries.get(new Place<>(backend.getCurrentKey(), namespace));
    return entry != null ? entry.value : read(namespace);
  }

  /** A value to be changed, null if there is none; {@link #put} or {@link #remove} must follow. */
  public V take(N namespace) throws Exception {
    Place<N> place = new Place<>(backend.getCurrentKey(), namespace);
    Entry<V> entry = entries.get(place);
    if (entry == null) {
      entry = new Entry<>();
      entry.value = read(namespace);
      entry.isStored = entry.value != null;
      entries.put(place, entry);
      footprint += entry.footprint;
    }
    return entry.value;
  }

  /** The new or changed value of what was taken last. */
  public void put(N namespace, V value) throws Exception {
    Entry<V> entry = entries.get(new Place<>(backend.getCurrentKey(), namespace));
    entry.value = value;
    entry.isDirty = true;
    long before = entry.footprint;
    entry.footprint = ENTRY_BYTES + measure.applyAsLong(value);
    footprint += entry.footprint - before;
    if (footprint > capacity) {
      makeRoom();
    }
  }

  /** Removes a value, if there is one. */
  public void remove(N namespace) {
    Entry<V> entry = entries.remove(new Place<>(backend.getCurrentKey(), namespace));
    if (entry != null) {
      footprint -= entry.footprint;
    }
    if (entry == null || entry.isStored) {
      state.setCurrentNamespace(namespace);
      state.clear();
    }
  }

  /** Brings the keyed state up to date; to be called before it is snapshotted. */
  public void flush() throws Exception {
    String current = backend.getCurrentKey();
    for (Map.Entry<Place<N>, Entry<V>> each : entries.entrySet()) {
      if (each.getValue().isDirty) {
        write(each.getKey(), each.getValue());
      }
    }
    restoreKey(current);
  }

  /** How many values are in memory. */
  int size() {
    return entries.size();
  }

  /** Drops what was unused for longest, but never the last, which is in use. */
  private void makeRoom() throws Exception {
    String current = backend.getCurrentKey();
    Iterator<Map.Entry<Place<N>, Entry<V>>> oldest = entries.entrySet().iterator();
    for (int left = entries.size(); footprint > capacity && left > 1; left--) {
      Map.Entry<Place<N>, Entry<V>> next = oldest.next();
      if (next.getValue().isDirty) {
        write(next.getKey(), next.getValue());
      }
      footprint -= next.getValue().footprint;
      oldest.remove();
    }
    restoreKey(current);
  }

  private V read(N namespace) throws Exception {
    state.setCurrentNamespace(namespace);
    return read.get();
  }

  private void write(Place<N> place, Entry<V> entry) throws Exception {
    backend.setCurrentKey(place.key());
    state.setCurrentNamespace(place.namespace());
    write.accept(entry.value);
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
