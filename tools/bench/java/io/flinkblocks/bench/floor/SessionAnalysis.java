package io.flinkblocks.bench.floor;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.Overflow;
import io.flinkblocks.window.Session;
import io.flinkblocks.window.SessionAggregator;
import io.flinkblocks.window.SessionFiring;
import io.flinkblocks.window.Sessionizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Sessions of each user, in a hash map; a queue says when to look at a user again.
 *
 * @param <S> the session
 */
final class SessionAnalysis<S extends Session> implements Analysis {
  private final SessionAggregator<S> aggregator;
  private final Sessionizer<S> sessionizer;
  private final long timeout;
  private final Consumer<OutputRecord> out;
  private final Map<String, List<S>> users = new HashMap<>();
  private final Overflow overflow = new HeapOverflow();
  private final PriorityQueue<Look> looks =
      new PriorityQueue<>(Comparator.comparingLong(Look::time));

  /** When a user's first session may be over. */
  private record Look(long time, String user) {}

  SessionAnalysis(SessionAggregator<S> aggregator, long timeout, Consumer<OutputRecord> out) {
    this.aggregator = aggregator;
    this.sessionizer = new Sessionizer<>(aggregator, timeout);
    this.timeout = timeout;
    this.out = out;
  }

  @Override
  public void add(Event event) {
    String user = event.userId();
    List<S> sessions = users.get(user);
    if (sessions == null) {
      sessions = new ArrayList<>(1);
      users.put(user, sessions);
      looks.add(new Look(event.timestamp() + timeout, user));
    }
    sessionizer.add(event, sessions, overflow, start -> {});
  }

  @Override
  public void advance(long watermark) {
    while (!looks.isEmpty() && looks.peek().time() <= watermark) {
      String user = looks.poll().user();
      List<S> sessions = users.get(user);
      while (!sessions.isEmpty() && sessions.get(0).last() + timeout <= watermark) {
        S session = sessions.remove(0);
        aggregator.emit(SessionFiring.once(user), session, overflow, out);
        overflow.clear(session);
      }
      if (sessions.isEmpty()) {
        users.remove(user);
      } else {
        looks.add(new Look(sessions.get(0).last() + timeout, user));
      }
    }
  }

  private static final class HeapOverflow implements Overflow {
    private final Map<Session, Map<String, Long>> counts = new IdentityHashMap<>();

    @Override
    public long add(Session session, String name, long count) {
      Map<String, Long> own = counts.computeIfAbsent(session, s -> new TreeMap<>());
      return own.merge(name, count, Long::sum) - count;
    }

    @Override
    public Map<String, Long> counts(Session session) {
      return new TreeMap<>(counts.getOrDefault(session, Map.of()));
    }

    @Override
    public void clear(Session session) {
      counts.remove(session);
    }
  }
}
