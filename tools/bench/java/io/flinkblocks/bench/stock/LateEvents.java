package io.flinkblocks.bench.stock;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** The side output of events that came too late for their windows. */
public final class LateEvents extends ProcessFunction<ShopEvent, OutputLine> {
  public static final OutputTag<ShopEvent> TAG =
      new OutputTag<>("late", TypeInformation.of(ShopEvent.class));

  private static final long serialVersionUID = 1;

  private final String analysis;

  private LateEvents(String analysis) {
    this.analysis = analysis;
  }

  /** An analysis' results and its late events as one stream. */
  public static DataStream<OutputLine> with(
      SingleOutputStreamOperator<OutputLine> results, String analysis) {
    return results.union(of(results, analysis));
  }

  /** The late events of an operator that does not emit an analysis' results itself. */
  public static DataStream<OutputLine> of(SingleOutputStreamOperator<?> operator, String analysis) {
    return operator.getSideOutput(TAG).process(new LateEvents(analysis));
  }

  @Override
  public void processElement(ShopEvent event, Context context, Collector<OutputLine> out)
      throws JsonProcessingException {
    // Chained to the windows, so its watermark is theirs.
    long lateBy = context.timerService().currentWatermark() - event.timestamp;
    String original = new String(event.raw, StandardCharsets.UTF_8);
    out.collect(OutputLine.of("late-events", new Late(analysis, lateBy, original)));
  }

  private record Late(String analysis, long lateByMs, @JsonRawValue String event) {}
}
