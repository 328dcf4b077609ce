package io.flinkblocks.window;

/**
 * Whose session emits its result, and why.
 *
 * @param key of the session
 * @param revision how often a session with its start has emitted a final result before: 0 for the
 *     first, more for corrections
 * @param early whether the session is still open: not counted as a revision
 */
public record SessionFiring(String key, int revision, boolean early) {
  /** The first and only firing of a session. */
  public static SessionFiring once(String key) {
    return new SessionFiring(key, 0, false);
  }
}
