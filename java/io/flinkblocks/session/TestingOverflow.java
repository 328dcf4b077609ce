package io.flinkblocks.session;

import io.flinkblocks.window.Overflow;
import io.flinkblocks.window.Session;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/** Overflows in plain maps. */
final class TestingOverflow implements Overflow {
  private final Map<Session, Map<String, Long>> sessions = new IdentityHashMap<>();

  @Override
  public long add(Session session, String name, long count) {
    Map<String, Long> counts = sessions.computeIfAbsent(session, missing -> new HashMap<>());
    return counts.merge(name, count, Long::sum) - count;
  }

  @Override
  public Map<String, Long> counts(Session session) {
    return Map.copyOf(sessions.getOrDefault(session, Map.of()));
  }

  @Override
  public void clear(Session session) {
    sessions.remove(session);
  }

  boolean isEmpty() {
    return sessions.isEmpty();
  }
}
