package io.flinkblocks.window;

import io.flinkblocks.event.Event;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;

/** A {@link PaneCombiner} by category in Flink's harness. */
final class TestingCombined implements AutoCloseable {
  private final OneInputStreamOperatorTestHarness<Event, PanePart<Object>> harness;
  private final PaneCombiner<?> combiner;

  /**
   * @param state to restore; null for none
   */
  @SuppressWarnings("unchecked") // The accumulators are handed on as they are.
  TestingCombined(PaneCombiner<?> combiner, OperatorSubtaskState state) throws Exception {
    this.combiner = combiner;
    harness = new OneInputStreamOperatorTestHarness<>((PaneCombiner<Object>) combiner);
    harness.setup();
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
  }

  void send(Event event) throws Exception {
    harness.processElement(event, event.timestamp());
  }

  /** What comes behind the barrier is not in the checkpoint. */
  OperatorSubtaskState snapshot() throws Exception {
    combiner.prepareSnapshotPreBarrier(1);
    return harness.snapshot(1, 1);
  }

  /** Advances the watermark, and hands over all that was sent before it. */
  void watermark(long watermark, TestingOperator to) throws Exception {
    harness.processWatermark(watermark);
    handOver(to);
  }

  /** The input becomes idle for a moment. */
  void idle(TestingOperator to) throws Exception {
    harness.processWatermarkStatus(WatermarkStatus.IDLE);
    harness.processWatermarkStatus(WatermarkStatus.ACTIVE);
    handOver(to);
  }

  /** Hands over what was sent since the last call. */
  void handOver(TestingOperator to) throws Exception {
    for (StreamRecord<? extends PanePart<?>> part : harness.extractOutputStreamRecords()) {
      to.process(part.getValue(), 0);
    }
    harness.getOutput().clear();
  }

  /** How many events are in sums. */
  long held() {
    return (Long)
        combiner.getRuntimeContext().getAccumulator("accounting.ids.held").getLocalValue();
  }

  @Override
  public void close() {
    try {
      harness.close();
    } catch (Exception e) {
      throw new IllegalStateException("the operator does not close", e);
    }
  }
}
