package io.flinkblocks.bench.stock.windowing;

import java.util.Iterator;
import org.apache.flink.streaming.api.windowing.evictors.Evictor;
import org.apache.flink.streaming.api.windowing.windows.GlobalWindow;
import org.apache.flink.streaming.runtime.operators.windowing.TimestampedValue;

/**
 * Keeps what a firing may still show. That is one event more than the limits: when an event brings
 * about the timeout before it, it lies in the window already, but does not belong to the firing.
 */
final class Recent implements Evictor<PricedEvent, GlobalWindow> {
  private static final long serialVersionUID = 1;

  private final long kept;
  private final int limit;

  /**
   * @param kept how much older than the newest an event may be, in ms
   * @param limit how many events there may be
   */
  Recent(long kept, int limit) {
    this.kept = kept;
    this.limit = limit;
  }

  @Override
  public void evictBefore(
      Iterable<TimestampedValue<PricedEvent>> events,
      int size,
      GlobalWindow window,
      EvictorContext context) {
    int surplus = size - limit - 1;
    long oldest = lastButOne(events) - kept;
    Iterator<TimestampedValue<PricedEvent>> each = events.iterator();
    while (each.hasNext()) {
      boolean isOld = each.next().getTimestamp() <= oldest;
      if (!isOld && surplus <= 0) {
        return; // They are in order.
      }
      each.remove();
      surplus--;
    }
  }

  private static long lastButOne(Iterable<TimestampedValue<PricedEvent>> events) {
    long last = Long.MIN_VALUE;
    long before = Long.MIN_VALUE;
    for (TimestampedValue<PricedEvent> event : events) {
      before = last;
      last = event.getTimestamp();
    }
    return before == Long.MIN_VALUE ? last : before;
  }

  @Override
  public void evictAfter(
      Iterable<TimestampedValue<PricedEvent>> events,
      int size,
      GlobalWindow window,
      EvictorContext context) {
    // All is done before.
  }
}
