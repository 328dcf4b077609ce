package io.flinkblocks.source;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.runtime.metrics.groups.TaskIOMetricGroup;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups;
import org.apache.flink.streaming.api.operators.source.TimestampsAndWatermarks;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.io.PushingAsyncDataInput.DataOutput;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.clock.ManualClock;

/**
 * The very output that Flink gives to a source reader, with a manual clock, and a record of what
 * comes out of it.
 */
public final class TestingReaderOutput<T> {
  private final ManualClock clock = new ManualClock();
  private final TaskIOMetricGroup task =
      UnregisteredMetricGroups.createUnregisteredTaskMetricGroup().getIOMetricGroup();
  private final List<String> seen = new ArrayList<>();
  private final TimestampsAndWatermarks<T> eventTime;
  private final ReaderOutput<T> output;

  /**
   * @param label how a record is shown
   */
  public TestingReaderOutput(WatermarkStrategy<T> strategy, Function<T, String> label) {
    eventTime =
        TimestampsAndWatermarks.createProgressiveEventTimeLogic(
            strategy,
            UnregisteredMetricGroups.createUnregisteredOperatorMetricGroup(),
            new TestProcessingTimeService(),
            200,
            clock,
            clock,
            task);
    output = eventTime.createMainOutput(new Downstream(label), new Listener());
  }

  /** For the reader. */
  public ReaderOutput<T> output() {
    return output;
  }

  /** Lets time pass, then does what Flink's timer does every 200 ms. */
  public void tick(Duration later) {
    clock.advanceTime(later);
    eventTime.emitImmediateWatermark(clock.absoluteTimeMillis());
  }

  /** Starts or ends back-pressure. */
  public void backPressure(boolean on) {
    if (on) {
      task.getHardBackPressuredTimePerSecond().markStart();
    } else {
      task.getHardBackPressuredTimePerSecond().markEnd();
    }
  }

  /** Records, watermarks and statuses in their order, since the last look. */
  public List<String> take() {
    List<String> taken = List.copyOf(seen);
    seen.clear();
    return taken;
  }

  private final class Downstream implements DataOutput<T> {
    private final Function<T, String> label;

    Downstream(Function<T, String> label) {
      this.label = label;
    }

    @Override
    public void emitRecord(StreamRecord<T> record) {
      seen.add(label.apply(record.getValue()));
    }

    @Override
    public void emitWatermark(Watermark watermark) {
      seen.add("watermark " + watermark.getTimestamp());
    }

    @Override
    public void emitWatermarkStatus(WatermarkStatus status) {
      seen.add(status.isIdle() ? "idle" : "active");
    }

    @Override
    public void emitLatencyMarker(LatencyMarker marker) {}

    @Override
    public void emitRecordAttributes(RecordAttributes attributes) {}

    @Override
    public void emitWatermark(WatermarkEvent watermark) {}
  }

  private static final class Listener implements TimestampsAndWatermarks.WatermarkUpdateListener {
    @Override
    public void updateIdle(boolean idle) {}

    @Override
    public void updateCurrentEffectiveWatermark(long watermark) {}

    @Override
    public void updateCurrentSplitWatermark(String split, long watermark) {}

    @Override
    public void updateCurrentSplitIdle(String split, boolean idle) {}

    @Override
    public void splitFinished(String split) {}
  }
}
