package io.flinkblocks.window;

import io.flinkblocks.output.Amount;

/**
 * Why and when a window emits its result.
 *
 * @param key of the window
 * @param window itself
 * @param revision how often it has emitted a final result before: 0 for the first, more for
 *     corrections; always 0 where the aggregator does not count them
 * @param early whether more of its events are still to come: not counted as a revision
 * @param before the amount of the window that starts one size earlier, as it was last emitted; null
 *     when it emitted none, or where the aggregator does not compare
 */
public record Firing(String key, Window window, int revision, boolean early, Amount before) {
  /** The first and only firing of a window. */
  public static Firing once(String key, Window window) {
    return new Firing(key, window, 0, false, null);
  }
}
