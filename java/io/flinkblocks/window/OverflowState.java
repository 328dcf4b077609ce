package io.flinkblocks.window;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.runtime.state.internal.InternalMapState;
import org.apache.flink.util.FlinkRuntimeException;

/** Overflows in keyed state: one map per session, of which each entry is stored by itself. */
final class OverflowState implements Overflow {
  private final InternalMapState<String, Long, String, Long> state;

  /**
   * @param state its namespace is a session's number within the key
   */
  OverflowState(InternalMapState<String, Long, String, Long> state) {
    this.state = state;
  }

  @Override
  public long add(Session session, String name, long count) {
    if (!session.hasOverflow()) {
      session.openOverflow();
    }
    state.setCurrentNamespace(session.overflow());
    try {
      Long before = state.get(name);
      state.put(name, before == null ? count : before + count);
      return before == null ? 0 : before;
    } catch (Exception e) {
      throw new FlinkRuntimeException("the state backend fails", e);
    }
  }

  @Override
  public Map<String, Long> counts(Session session) {
    Map<String, Long> counts = new HashMap<>();
    if (session.hasOverflow()) {
      state.setCurrentNamespace(session.overflow());
      try {
        state.entries().forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
      } catch (Exception e) {
        throw new FlinkRuntimeException("the state backend fails", e);
      }
    }
    return counts;
  }

  @Override
  public void clear(Session session) {
    if (session.hasOverflow()) {
      state.setCurrentNamespace(session.overflow());
      state.clear();
    }
  }
}
