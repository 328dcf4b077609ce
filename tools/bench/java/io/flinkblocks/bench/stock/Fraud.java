package io.flinkblocks.bench.stock;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * The fraud rules over each user's purchases in event-time order: a keyed process function that
 * buffers by timestamp, with a timer for each.
 */
final class Fraud extends KeyedProcessFunction<String, ShopEvent, OutputLine> {
  private static final long serialVersionUID = 1;
  private static final String OUTPUT = "fraud-alerts";
  private static final long KEPT_MS = Duration.ofDays(730).toMillis();

  // Of one timestamp; the raw bytes that the contract compares last are not at hand.
  private static final Comparator<ShopEvent> BY_ID = Comparator.comparing(event -> event.eventId);

  private transient MapState<Long, List<ShopEvent>> waiting;
  private transient ValueState<PurchaseHistory> histories;

  static DataStream<OutputLine> of(DataStream<ShopEvent> events) {
    return LateEvents.with(
        events.filter(ShopEvent::isPurchase).keyBy(event -> event.userId).process(new Fraud()),
        OUTPUT);
  }

  @Override
  public void open(OpenContext context) {
    TypeInformation<ShopEvent> event = TypeInformation.of(ShopEvent.class);
    waiting =
        getRuntimeContext()
            .getMapState(new MapStateDescriptor<>("waiting", Types.LONG, Types.LIST(event)));
    histories =
        getRuntimeContext()
            .getState(
                new ValueStateDescriptor<>("history", TypeInformation.of(PurchaseHistory.class)));
  }

  @Override
  public void processElement(ShopEvent purchase, Context context, Collector<OutputLine> out)
      throws Exception {
    if (purchase.timestamp <= context.timerService().currentWatermark()) {
      context.output(LateEvents.TAG, purchase);
      return;
    }
    List<ShopEvent> sameTime = waiting.get(purchase.timestamp);
    if (sameTime == null) {
      sameTime = new ArrayList<>();
      context.timerService().registerEventTimeTimer(purchase.timestamp);
    }
    sameTime.add(purchase);
    waiting.put(purchase.timestamp, sameTime);
  }

  @Override
  public void onTimer(long time, OnTimerContext context, Collector<OutputLine> out)
      throws Exception {
    PurchaseHistory history = histories.value();
    List<ShopEvent> purchases = waiting.get(time);
    if (purchases == null) {
      if (history != null && history.lastTime + KEPT_MS <= time) {
        histories.clear();
      }
      return;
    }
    waiting.remove(time);
    if (history == null) {
      history = new PurchaseHistory();
    } else {
      context.timerService().deleteEventTimeTimer(history.lastTime + KEPT_MS);
    }
    purchases.sort(BY_ID);
    for (ShopEvent purchase : purchases) {
      look(purchase, history, out);
    }
    histories.update(history);
    context.timerService().registerEventTimeTimer(time + KEPT_MS);
  }

  private static void look(ShopEvent purchase, PurchaseHistory history, Collector<OutputLine> out)
      throws JsonProcessingException {
    for (FraudAlert alert : FraudRules.look(purchase, history)) {
      out.collect(OutputLine.of(OUTPUT, alert));
    }
  }
}
