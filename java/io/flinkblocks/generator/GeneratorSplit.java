package io.flinkblocks.generator;

import io.flinkblocks.source.EventTimeProgress;
import java.io.Serializable;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * One lane of the traffic, and how far it is read.
 *
 * @param lane 0 to {@link ShopTraffic#LANES} - 1
 * @param next the number of the lane's next event
 * @param firstStart when the job was first started, in ms since the epoch
 * @param maxTimestamp the largest timestamp of a valid event, or {@link EventTimeProgress#NONE}
 * @param emitted the last emitted watermark, or {@link EventTimeProgress#NONE}
 */
record GeneratorSplit(int lane, long next, long firstStart, long maxTimestamp, long emitted)
    implements SourceSplit, Serializable {

  /** A lane of which nothing is read. */
  static GeneratorSplit unread(int lane, long firstStart) {
    return new GeneratorSplit(
        lane, lane, firstStart, EventTimeProgress.NONE, EventTimeProgress.NONE);
  }

  @Override
  public String splitId() {
    return "lane-" + lane;
  }
}
