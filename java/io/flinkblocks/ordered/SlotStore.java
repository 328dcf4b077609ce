package io.flinkblocks.ordered;

import static org.apache.flink.runtime.state.StateBackendLoader.ROCKSDB_STATE_BACKEND_NAME;

import io.flinkblocks.window.WriteBehind;
import java.util.function.ToLongFunction;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.internal.InternalValueState;

/**
 * One value per key in keyed state; the key is always the operator's current one.
 *
 * @param <V> what is stored
 */
interface SlotStore<V> {
  /** The value, which may be changed; null if there is none. One of the others must follow. */
  V take() throws Exception;

  /** The new or changed value. */
  void put(V value) throws Exception;

  /** Removes the value, if there is one. */
  void remove() throws Exception;

  /** Brings the keyed state up to date; to be called before it is snapshotted. */
  void flush() throws Exception;

  /**
   * The store that suits the state backend: on one that keeps bytes a value is not written for each
   * of its key's events. The state is the same for both.
   *
   * @param name of the state
   * @param measure roughly the bytes that a value takes in memory
   * @param cacheBytes room for values outside of a backend that keeps bytes
   */
  @SuppressWarnings("unchecked") // A backend's own states have more than what users see of them.
  static <V> SlotStore<V> open(
      KeyedStateBackend<String> backend,
      String name,
      TypeSerializer<V> serializer,
      ToLongFunction<V> measure,
      long cacheBytes)
      throws Exception {
    InternalValueState<String, VoidNamespace, V> state =
        (InternalValueState<String, VoidNamespace, V>)
            backend.getOrCreateKeyedState(
                VoidNamespaceSerializer.INSTANCE, new ValueStateDescriptor<>(name, serializer));
    state.setCurrentNamespace(VoidNamespace.INSTANCE);
    return backend.getBackendTypeIdentifier().equals(ROCKSDB_STATE_BACKEND_NAME)
        ? new Behind<>(
            new WriteBehind<>(backend, state, state::value, state::update, measure, cacheBytes))
        : new Direct<>(state);
  }

  /** In front of a backend that keeps bytes. */
  record Behind<V>(WriteBehind<VoidNamespace, V> values) implements SlotStore<V> {
    @Override
    public V take() throws Exception {
      return values.take(VoidNamespace.INSTANCE);
    }

    @Override
    public void put(V value) throws Exception {
      values.put(VoidNamespace.INSTANCE, value);
    }

    @Override
    public void remove() {
      values.remove(VoidNamespace.INSTANCE);
    }

    @Override
    public void flush() throws Exception {
      values.flush();
    }
  }

  /** In a backend that keeps objects. */
  record Direct<V>(InternalValueState<String, VoidNamespace, V> state) implements SlotStore<V> {
    @Override
    public V take() throws Exception {
      return state.value();
    }

    @Override
    public void put(V value) throws Exception {
      state.update(value);
    }

    @Override
    public void remove() {
      state.clear();
    }

    @Override
    public void flush() {
      // It is always up to date.
    }
  }
}
