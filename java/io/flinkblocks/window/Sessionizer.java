package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import java.io.Serializable;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Puts the events of one key into sessions. Lists of sessions are ordered by start, and the gaps
 * between their sessions are longer than the timeout.
 *
 * @param <S> the sessions
 */
public final class Sessionizer<S extends Session> implements Serializable {
  private static final long serialVersionUID = 1;

  private final SessionAggregator<S> aggregator;
  private final long timeout;

  /**
   * @param timeout the longest gap within a session, in milliseconds
   */
  public Sessionizer(SessionAggregator<S> aggregator, long timeout) {
    this.aggregator = aggregator;
    this.timeout = timeout;
  }

  /** Whether an event at this time joins the session. */
  boolean reaches(Session session, long timestamp) {
    return session.start() - timeout <= timestamp && timestamp <= session.last() + timeout;
  }

  /** Whether an event at this time joins any of the sessions. */
  boolean reachesAny(List<S> sessions, long timestamp) {
    int last = lastBefore(sessions, timestamp + timeout);
    return last >= 0 && reaches(sessions.get(last), timestamp);
  }

  /**
   * Adds an event: to the session that it reaches, to the two that it joins, or to a new one.
   *
   * @param retracted is told every start with which a session was published and which is none now
   * @return whether the event is a new session, and the first of all
   */
  public boolean add(Event event, List<S> sessions, Overflow overflow, LongConsumer retracted) {
    long timestamp = event.timestamp();
    // Most often this is the last session, and the event joins it.
    int at = lastBefore(sessions, timestamp + timeout);
    if (at < 0 || !reaches(sessions.get(at), timestamp)) {
      S session = aggregator.create();
      session.cover(timestamp);
      aggregator.add(event, session, overflow);
      sessions.add(at + 1, session);
      return at < 0;
    }
    // One before it is reached when the event fills a gap. More are when the timeout was raised.
    while (at > 0 && reaches(sessions.get(at - 1), timestamp)) {
      at--;
      sessions.set(at, join(sessions.get(at), sessions.remove(at + 1), overflow, retracted));
    }
    S session = sessions.get(at);
    if (timestamp < session.start() && session.isPublished()) {
      retracted.accept(session.start());
      session.unpublish();
    }
    session.cover(timestamp);
    aggregator.add(event, session, overflow);
    return false;
  }

  /**
   * Puts a session among others.
   *
   * @return whether it is the first now
   */
  boolean insert(S session, List<S> sessions) {
    int at = lastBefore(sessions, session.start()) + 1;
    sessions.add(at, session);
    return at == 0;
  }

  /** The position of the last session that starts not after a time; -1 if there is none. */
  private int lastBefore(List<S> sessions, long time) {
    int at = sessions.size() - 1;
    while (at >= 0 && sessions.get(at).start() > time) {
      at--;
    }
    return at;
  }

  /** Joins two neighbours: the smaller becomes part of the larger. */
  private S join(S left, S right, Overflow overflow, LongConsumer retracted) {
    if (right.isPublished()) {
      retracted.accept(right.start());
    }
    S from = left.events() < right.events() ? left : right;
    S into = from == left ? right : left;
    aggregator.merge(from, into, overflow);
    overflow.clear(from);
    into.cover(from);
    into.publishAs(left);
    return into;
  }
}
