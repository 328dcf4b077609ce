package io.flinkblocks.bench.stock.windowing;

import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** What a product's trigger knows; a POJO. */
public final class Batch {
  /** The window's state, which its trigger writes and its function reads. */
  static final ValueStateDescriptor<Batch> STATE =
      new ValueStateDescriptor<>("batch", TypeInformation.of(Batch.class));

  static final long NONE = Long.MIN_VALUE;

  /** Events since the last firing. */
  public int count;

  /** When the first of them has waited long enough. */
  public long deadline;

  /** The time of the latest event. */
  public long newest;

  /** When to look whether there still are events; not before they have gone. */
  public long expiry;

  /** The timeout that the last firing was for; NONE when the count was reached. */
  public long timeout;

  public Batch() {}
}
