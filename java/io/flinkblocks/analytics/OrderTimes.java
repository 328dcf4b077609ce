package io.flinkblocks.analytics;

import java.util.Map;
import org.apache.flink.api.common.state.MapState;

/**
 * When the orders of the customer at hand were made: how many at each time.
 *
 * <p>The latest of them is kept outside, with what else every change reads and writes. They are all
 * looked through only when it leaves; of n orders a random one is it once in n times.
 */
final class OrderTimes {
  private final MapState<Long, Integer> times;

  OrderTimes(MapState<Long, Integer> times) {
    this.times = times;
  }

  /**
   * Adds and removes a time.
   *
   * @param latest the latest time so far, {@link Delta#NEVER} when there is none
   * @return the latest time now
   */
  long change(Delta delta, long latest) throws Exception {
    long now = latest;
    if (delta.entered() != Delta.NEVER) {
      Integer orders = times.get(delta.entered());
      times.put(delta.entered(), orders == null ? 1 : orders + 1);
      now = Math.max(now, delta.entered());
    }
    if (delta.left() == Delta.NEVER) {
      return now;
    }
    Integer orders = times.get(delta.left());
    if (orders != null && orders > 1) {
      times.put(delta.left(), orders - 1);
      return now;
    }
    times.remove(delta.left());
    return delta.left() == now ? latest() : now;
  }

  private long latest() throws Exception {
    long latest = Delta.NEVER;
    for (Map.Entry<Long, Integer> each : times.entries()) {
      latest = Math.max(latest, each.getKey());
    }
    return latest;
  }
}
