package io.flinkblocks.window;

import io.flinkblocks.config.UserError;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.ManagedInitializationContext;

/**
 * Settings that an operator's keyed state depends on. They are stored with it, and a job that
 * resumes with others is refused: it would read the state wrongly, and nobody would notice.
 */
public final class FixedSettings {
  private FixedSettings() {}

  /**
   * Compares with what was restored, and stores; to be called from initializeState.
   *
   * @param analysis the name of the analysis' output, for the error
   * @param settings the settings in words, for people, too
   * @throws SuppressRestartsException when the state was stored with other settings
   */
  public static void check(ManagedInitializationContext context, String analysis, String settings)
      throws Exception {
    ListState<String> stored =
        context
            .getOperatorStateStore()
            .getUnionListState(new ListStateDescriptor<>("fixed-settings", Types.STRING));
    for (String old : stored.get()) {
      if (!old.equals(settings)) {
        throw new SuppressRestartsException(
            new UserError(
                "%s: the state is of %s, this job has %s".formatted(analysis, old, settings),
                "resume with the flags of before, or start without a savepoint"));
      }
    }
    stored.clear();
    stored.add(settings);
  }
}
