package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.internal.InternalAggregatingState;
import org.apache.flink.runtime.state.internal.InternalMapState;

/**
 * The sessions of the current key in keyed state.
 *
 * <ul>
 *   <li>{@code open}: those that are to be emitted, most often one, in one value.
 *   <li>{@code emitted}: those that were, and can still be corrected, each by itself: however many
 *       they are, only who asks for them pays for it.
 *   <li>{@code overflow}: see {@link Overflow}.
 * </ul>
 *
 * @param <S> the sessions
 */
final class SessionState<S extends Session> {
  private final InternalAggregatingState<String, VoidNamespace, Event, List<S>, List<S>> open;
  private final InternalMapState<String, VoidNamespace, Long, S> emitted;
  private final OverflowState overflow;

  /**
   * @param addToOpen what {@link #add} does, given the open sessions of the key
   */
  @SuppressWarnings("unchecked") // The only way to the peers of the states that users see.
  SessionState(
      KeyedStateBackend<?> backend,
      TypeSerializer<S> serializer,
      AggregateFunction<Event, List<S>, List<S>> addToOpen)
      throws Exception {
    open =
        (InternalAggregatingState<String, VoidNamespace, Event, List<S>, List<S>>)
            backend.getOrCreateKeyedState(
                VoidNamespaceSerializer.INSTANCE,
                new AggregatingStateDescriptor<>(
                    "open", addToOpen, new ListSerializer<>(serializer)));
    open.setCurrentNamespace(VoidNamespace.INSTANCE);
    emitted =
        (InternalMapState<String, VoidNamespace, Long, S>)
            backend.getOrCreateKeyedState(
                VoidNamespaceSerializer.INSTANCE,
                new MapStateDescriptor<>("emitted", LongSerializer.INSTANCE, serializer));
    emitted.setCurrentNamespace(VoidNamespace.INSTANCE);
    overflow =
        new OverflowState(
            (InternalMapState<String, Long, String, Long>)
                backend.getOrCreateKeyedState(
                    LongSerializer.INSTANCE,
                    new MapStateDescriptor<>(
                        "overflow", StringSerializer.INSTANCE, LongSerializer.INSTANCE)));
  }

  Overflow overflow() {
    return overflow;
  }

  /** Adds an event to the open sessions, in a single access to the state. */
  void add(Event event) throws Exception {
    open.add(event);
  }

  /** The open sessions, by start, to be changed and stored. */
  List<S> open() throws Exception {
    List<S> sessions = open.getInternal();
    return sessions == null ? new ArrayList<>() : sessions;
  }

  /** Replaces the open sessions. */
  void storeOpen(List<S> sessions) throws Exception {
    if (sessions.isEmpty()) {
      open.clear();
    } else {
      open.updateInternal(sessions);
    }
  }

  /** All emitted sessions, in no order. */
  Iterable<S> emitted() throws Exception {
    return emitted.values();
  }

  /** The emitted session with a start, or null. */
  S emitted(long start) throws Exception {
    return emitted.get(start);
  }

  /** Stores an emitted session. */
  void storeEmitted(S session) throws Exception {
    emitted.put(session.start(), session);
  }

  /** Takes an emitted session out, which lives on elsewhere. */
  void takeEmitted(S session) throws Exception {
    emitted.remove(session.start());
  }

  /** Removes an emitted session with all that belongs to it. */
  void removeEmitted(S session) throws Exception {
    emitted.remove(session.start());
    overflow.clear(session);
  }
}
