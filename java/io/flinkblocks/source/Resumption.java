package io.flinkblocks.source;

import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.operators.StreamingRuntimeContext;

/** Whether a job goes on from a savepoint. */
public final class Resumption {
  /**
   * Asks the job's configuration: Flink does not call a task restored that has no state in the
   * savepoint at all.
   *
   * @param runtime of an operator
   */
  public static boolean isOf(RuntimeContext runtime) {
    return ((StreamingRuntimeContext) runtime)
        .getJobConfiguration()
        .getOptional(StateRecoveryOptions.SAVEPOINT_PATH)
        .isPresent();
  }

  private Resumption() {}
}
