package io.flinkblocks.source;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.util.clock.RelativeClock;

/**
 * Marks a split idle that has been without records for a while, so that it does not hold back the
 * watermark of the others; its next record makes it active again.
 *
 * <p>It emits no watermark: the reader does. Time is the split's own input-activity clock, which
 * stands still under back-pressure: a split whose records cannot get through is not idle. It is
 * looked at in Flink's {@code pipeline.auto-watermark-interval}, which must not be 0.
 *
 * <p>Once all splits of a subtask are idle, Flink (2.2) marks the subtask idle, but does not mark
 * it active again when a split returns with a watermark that is not new: until then the other
 * subtasks would pass it by and make its events late. So the generator that Flink creates for the
 * subtask as a whole, before those of its splits, follows them here: its output counts as well.
 */
public final class SplitIdleness<T> implements WatermarkStrategy<T> {
  private static final long serialVersionUID = 1;

  private final long timeoutNanos;
  // One subtask's: each has a deserialized copy of the strategy.
  private transient Subtask subtask;

  private SplitIdleness(Duration timeout) {
    this.timeoutNanos = timeout.toNanos();
  }

  /**
   * Idle after this long without a record.
   *
   * @throws IllegalArgumentException unless the timeout is positive
   */
  public static <T> WatermarkStrategy<T> after(Duration timeout) {
    if (timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("the idle timeout must be positive: " + timeout);
    }
    return new SplitIdleness<>(timeout);
  }

  @Override
  public WatermarkGenerator<T> createWatermarkGenerator(
      WatermarkGeneratorSupplier.Context context) {
    Timer timer = new Timer(context.getInputActivityClock(), timeoutNanos);
    if (subtask == null) {
      subtask = new Subtask(timer);
      return new SubtaskGenerator<>(subtask);
    }
    return new SplitGenerator<>(subtask, timer);
  }

  /** Time since the last record, or since the first look. */
  private static final class Timer {
    private final RelativeClock clock;
    private final long timeoutNanos;
    // The hot path only notes that there was a record; the clock is read once in an interval.
    private boolean touched = true;
    private long since;

    Timer(RelativeClock clock, long timeoutNanos) {
      this.clock = clock;
      this.timeoutNanos = timeoutNanos;
    }

    void touch() {
      touched = true;
    }

    boolean expired() {
      long now = clock.relativeTimeNanos();
      if (touched) {
        touched = false;
        since = now;
      }
      return now - since >= timeoutNanos;
    }
  }

  /** The status of the subtask as a whole. */
  private static final class Subtask {
    private enum Status {
      UNKNOWN,
      ACTIVE,
      IDLE
    }

    private final Timer timer;
    private WatermarkOutput output;
    private Status status = Status.UNKNOWN;
    // Found in this round; a split that has ended is in neither.
    private boolean activeSplits;
    private boolean idleSplits;

    Subtask(Timer timer) {
      this.timer = timer;
    }

    void found(boolean idleSplit) {
      idleSplits |= idleSplit;
      activeSplits |= !idleSplit;
    }

    /** Ends a round, which has been through all splits. */
    void settle(WatermarkOutput output) {
      this.output = output;
      if (activeSplits) {
        activate();
      } else if (status != Status.IDLE && (idleSplits || timer.expired())) {
        status = Status.IDLE;
        output.markIdle();
      }
      activeSplits = false;
      idleSplits = false;
    }

    void activate() {
      timer.touch();
      if (status != Status.ACTIVE) {
        status = Status.ACTIVE;
        output.markActive();
      }
    }
  }

  /** Flink's generator for records outside of splits, which there are none of. */
  private static final class SubtaskGenerator<T> implements WatermarkGenerator<T> {
    private final Subtask subtask;

    SubtaskGenerator(Subtask subtask) {
      this.subtask = subtask;
    }

    @Override
    public void onEvent(T record, long timestamp, WatermarkOutput output) {}

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      subtask.settle(output);
    }
  }

  private static final class SplitGenerator<T> implements WatermarkGenerator<T> {
    private final Subtask subtask;
    private final Timer timer;
    private boolean idle;

    SplitGenerator(Subtask subtask, Timer timer) {
      this.subtask = subtask;
      this.timer = timer;
    }

    @Override
    public void onEvent(T record, long timestamp, WatermarkOutput output) {
      timer.touch();
      if (idle) {
        idle = false;
        output.markActive();
        // An idle split has seen a round end, so the subtask's output is known.
        subtask.activate();
      }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      if (!idle && timer.expired()) {
        idle = true;
        output.markIdle();
      }
      subtask.found(idle);
    }
  }
}
