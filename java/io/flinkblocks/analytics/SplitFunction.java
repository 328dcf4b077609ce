package io.flinkblocks.analytics;

import io.flinkblocks.cdc.Change;
import io.flinkblocks.config.UserError;
import io.flinkblocks.source.Resumption;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.util.Collector;

/**
 * Splits changes, see {@link Deltas}.
 *
 * <p>Sums are right only if they have seen every change since the first. So a job that resumes from
 * a savepoint of a job without this view is refused: its rows would be wrong, and stay wrong.
 */
final class SplitFunction extends RichFlatMapFunction<Change, Delta>
    implements CheckpointedFunction {
  private static final long serialVersionUID = 1;

  private final View view;
  private final Deltas deltas;

  SplitFunction(View view) {
    this.view = view;
    this.deltas = new Deltas(view);
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    ListState<Boolean> seenAll =
        context
            .getOperatorStateStore()
            .getUnionListState(new ListStateDescriptor<>("seen-all", Types.BOOLEAN));
    if (!seenAll.get().iterator().hasNext() && Resumption.isOf(getRuntimeContext())) {
      throw new SuppressRestartsException(
          new UserError(
              view.output + ": the savepoint is of a job without it, so its rows would be wrong",
              "start without --from-savepoint: then all changes are read from the first"));
    }
    seenAll.clear();
    seenAll.add(true);
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) {
    // What the state says never changes.
  }

  @Override
  public void flatMap(Change change, Collector<Delta> out) {
    deltas.split(change, out::collect);
  }
}
