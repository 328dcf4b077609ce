package io.flinkblocks.quality;

import io.flinkblocks.config.UserError;
import io.flinkblocks.source.Resumption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.ManagedInitializationContext;

/**
 * The rules whose memory began with the job. A rule that joins at a savepoint would take every user
 * for unknown who came before, and each row that came before for the only one with its e-mail.
 */
final class KnownRules {
  private KnownRules() {}

  /**
   * Compares with what was restored, and stores; to be called from initializeState.
   *
   * @param rules those with memory
   * @throws SuppressRestartsException when the job goes on and a rule was not there before, or was
   *     another one
   */
  static void check(ManagedInitializationContext context, RuntimeContext runtime, List<Rule> rules)
      throws Exception {
    ListState<String> stored =
        context
            .getOperatorStateStore()
            .getUnionListState(new ListStateDescriptor<>("rules", Types.STRING));
    Set<String> known = new HashSet<>();
    stored.get().forEach(known::add);
    stored.clear();
    for (Rule rule : rules) {
      // A table's columns are learned from its next row.
      boolean mustBeKnown = rule.check() != Check.SCHEMA;
      boolean goesOn = context.isRestored() || Resumption.isOf(runtime);
      if (mustBeKnown && goesOn && !known.contains(rule.memory())) {
        throw new SuppressRestartsException(
            new UserError(
                Quality.OUTPUT
                    + ": the rule "
                    + rule.name()
                    + " was not there, or another one, when the savepoint was taken:"
                    + " it does not know the rows of before",
                "leave the rule out, resume with the rules of before, or start without a"
                    + " savepoint"));
      }
      stored.add(rule.memory());
    }
  }
}
