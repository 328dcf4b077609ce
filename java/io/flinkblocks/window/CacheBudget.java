package io.flinkblocks.window;

import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.execution.Environment;

/**
 * How much of the heap one subtask of an operator may take for a cache: a share of what its slot
 * has, so that the caches of all slots leave most of the heap to the rest, however small it is.
 */
public final class CacheBudget {
  /** What a cache that is worth having needs, even where there is not enough heap. */
  static final long LEAST = 1L << 20;

  /** More helps nobody: a checkpoint writes all of it. */
  static final long MOST = 32L << 20;

  /** A job has a few such operators, each of them with a subtask in every slot. */
  private static final long SHARE = 16;

  /** The bytes for a subtask in this environment. */
  public static long of(Environment environment) {
    return bytes(
        Runtime.getRuntime().maxMemory(),
        environment.getTaskManagerInfo().getConfiguration().get(TaskManagerOptions.NUM_TASK_SLOTS));
  }

  /**
   * The bytes for a subtask.
   *
   * @param heap of the JVM, in bytes
   * @param slots of the TaskManager in this JVM
   */
  static long bytes(long heap, int slots) {
    return Math.max(LEAST, Math.min(MOST, heap / SHARE / slots));
  }

  private CacheBudget() {}
}
