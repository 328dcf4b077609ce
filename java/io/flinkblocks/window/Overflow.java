package io.flinkblocks.window;

import java.util.Map;

/**
 * Counts by text of which a session may have any number. They lie beside the session, each by
 * itself: a state backend that writes a session anew with every event does not write them.
 *
 * <p>Meant for the few sessions that are out of all proportion; the others should not need it.
 */
public interface Overflow {
  /**
   * Adds to a count.
   *
   * @param session the one that is being worked on
   * @return the count before; 0 if there was none
   */
  long add(Session session, String name, long count);

  /** All counts of a session, as a copy. */
  Map<String, Long> counts(Session session);

  /** Forgets the counts of a session; called when it is closed or has become part of another. */
  void clear(Session session);
}
