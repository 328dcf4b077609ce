package io.flinkblocks.cdc;

import io.flinkblocks.source.IntakeStep;
import io.flinkblocks.source.Tally;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Sorts changes from dead letters and from records that tell of no change, counts all of them, and
 * sends each change on its way. What concerns all rows of a table is copied here: here the table's
 * changes still are in one order, and the copies stand in it between the same two.
 */
final class ChangeIntakeOperator extends IntakeStep<ChangeRecord, Routed> {
  private static final long serialVersionUID = 1;

  private static final List<String> WHY =
      List.of(Skipped.TOMBSTONE, Skipped.TRANSACTION, Skipped.MESSAGE);

  private final int groups;
  private transient Map<String, Tally.Count> skipped;
  private transient Tally audit;
  private transient Tally.Count notRelevant;

  /**
   * @param groups the number of key groups
   */
  ChangeIntakeOperator(int groups) {
    this.groups = groups;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    skipped = new HashMap<>();
    for (String why : WHY) {
      skipped.put(why, counter("skipped." + why));
    }
    audit = Tally.open(Audit.OUTPUT, context, getRuntimeContext());
    notRelevant = audit.counter("not-relevant");
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    audit.snapshot();
  }

  @Override
  public void processElement(StreamRecord<ChangeRecord> element) {
    ChangeRecord record = element.getValue();
    if (record instanceof Change change) {
      accept();
      route(change, element);
    } else if (record instanceof Skipped skip) {
      accept();
      skipped.get(skip.why()).increment();
      notRelevant.increment();
    } else {
      refuse(((Refused) record).letter());
    }
  }

  private void route(Change change, StreamRecord<?> element) {
    if (change.op() == Op.TRUNCATE) {
      copies(change);
      return;
    }
    output.collect(element.replace(Routed.toRow(change)));
    if (change.mark() == Mark.LAST) {
      copies(RowLogic.endOfSnapshot(change));
    }
  }

  private void copies(Change change) {
    for (int group = 0; group < groups; group++) {
      output.collect(new StreamRecord<>(new Routed(change, group), change.time()));
    }
  }
}
