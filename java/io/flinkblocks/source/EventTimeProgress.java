package io.flinkblocks.source;

/**
 * How far event time has come in one split (Kafka partition, file, generator), and which watermark
 * that makes.
 *
 * <p>The watermark is the largest timestamp of a valid event minus the out-of-orderness minus 1 ms.
 * It is emitted with its exact value each time it passes a multiple of 100 ms, so that it is a
 * function of the split's events alone. Both numbers are checkpointed with the split.
 */
public final class EventTimeProgress {
  /** Nothing seen or nothing emitted yet. */
  public static final long NONE = Long.MIN_VALUE;

  private static final long STEP_MS = 100;

  private long maxTimestamp;
  private long emitted;

  public EventTimeProgress() {
    this(NONE, NONE);
  }

  /** Progress as a checkpoint kept it. */
  public EventTimeProgress(long maxTimestamp, long emitted) {
    this.maxTimestamp = maxTimestamp;
    this.emitted = emitted;
  }

  /**
   * Takes in a valid event's timestamp.
   *
   * @return the watermark to emit after this event, or {@link #NONE}
   */
  public long advance(long timestamp, long maxOutOfOrderness) {
    if (timestamp <= maxTimestamp) {
      return NONE;
    }
    maxTimestamp = timestamp;
    long watermark = timestamp - maxOutOfOrderness - 1;
    if (emitted != NONE && Math.floorDiv(watermark, STEP_MS) == Math.floorDiv(emitted, STEP_MS)) {
      return NONE;
    }
    emitted = watermark;
    return watermark;
  }

  /** The largest timestamp of a valid event, or {@link #NONE}. */
  public long maxTimestamp() {
    return maxTimestamp;
  }

  /** The last emitted watermark, or {@link #NONE}. */
  public long emitted() {
    return emitted;
  }
}
