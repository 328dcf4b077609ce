package io.flinkblocks.bench.stock.windowing;

import java.io.IOException;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.streaming.api.windowing.triggers.Trigger;
import org.apache.flink.streaming.api.windowing.triggers.TriggerResult;
import org.apache.flink.streaming.api.windowing.windows.GlobalWindow;

/**
 * Fires at every so many events since the last firing, and a while after the first of them; purges
 * a product that has had no events for long. To be given events in order.
 */
final class CountOrTimeout extends Trigger<PricedEvent, GlobalWindow> {
  private static final long serialVersionUID = 1;

  private final int count;
  private final long timeout;
  private final long kept;

  /**
   * @param count of events
   * @param timeout since the first of them, in ms
   * @param kept how long without an event a product is remembered, in ms; more than the timeout
   */
  CountOrTimeout(int count, long timeout, long kept) {
    this.count = count;
    this.timeout = timeout;
    this.kept = kept;
  }

  @Override
  public TriggerResult onElement(
      PricedEvent event, long timestamp, GlobalWindow window, TriggerContext context)
      throws IOException {
    ValueState<Batch> state = context.getPartitionedState(Batch.STATE);
    Batch batch = state.value();
    if (batch == null) {
      batch = new Batch();
      batch.expiry = timestamp + kept;
      context.registerEventTimeTimer(batch.expiry);
    }
    // One watermark may bring several events: the timer of a timeout between them comes too late.
    boolean isOverdue = batch.count > 0 && timestamp >= batch.deadline;
    if (isOverdue) {
      batch.timeout = batch.deadline;
      endBatch(batch, context);
    }
    if (batch.count == 0) {
      batch.deadline = timestamp + timeout;
      context.registerEventTimeTimer(batch.deadline);
    }
    batch.count++;
    batch.newest = timestamp;
    boolean isFull = batch.count == count;
    if (isFull) {
      batch.timeout = Batch.NONE;
      endBatch(batch, context);
    }
    state.update(batch);
    return isOverdue || isFull ? TriggerResult.FIRE : TriggerResult.CONTINUE;
  }

  private static void endBatch(Batch batch, TriggerContext context) {
    if (batch.deadline != batch.expiry) {
      context.deleteEventTimeTimer(batch.deadline);
    }
    batch.count = 0;
  }

  @Override
  public TriggerResult onEventTime(long time, GlobalWindow window, TriggerContext context)
      throws IOException {
    ValueState<Batch> state = context.getPartitionedState(Batch.STATE);
    Batch batch = state.value();
    boolean isDue = batch.count > 0 && batch.deadline == time;
    if (isDue) {
      batch.timeout = time;
      batch.count = 0;
    }
    if (batch.expiry == time) {
      if (batch.newest + kept <= time) {
        state.clear();
        return TriggerResult.PURGE;
      }
      batch.expiry = batch.newest + kept;
      context.registerEventTimeTimer(batch.expiry);
    }
    state.update(batch);
    return isDue ? TriggerResult.FIRE : TriggerResult.CONTINUE;
  }

  @Override
  public TriggerResult onProcessingTime(long time, GlobalWindow window, TriggerContext context) {
    return TriggerResult.CONTINUE;
  }

  @Override
  public void clear(GlobalWindow window, TriggerContext context) {
    context.getPartitionedState(Batch.STATE).clear();
  }
}
