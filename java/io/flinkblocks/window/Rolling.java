package io.flinkblocks.window;

/**
 * The sum of panes in a row, which slides over them: a pane joins at the end, the first one leaves.
 * Both cost as much as that pane holds, however many there are.
 *
 * <p>It lives in memory alone: what is checkpointed are the panes, of which it is made again.
 *
 * @param <A> the accumulator of a pane
 */
public interface Rolling<A> extends Result {
  /**
   * A pane joins behind the others.
   *
   * @param pane its start, later than that of all others
   * @param part its events; not to be changed or kept
   */
  void add(long pane, A part);

  /** The panes before a time leave, if there are any. */
  void removeBefore(long time);

  /** Whether there is no pane. */
  boolean isEmpty();

  /** Roughly how much memory this takes, in bytes. */
  long footprint();
}
