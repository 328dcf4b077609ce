package io.flinkblocks.bench.stock.windowing;

import io.flinkblocks.bench.stock.LateEvents;
import io.flinkblocks.bench.stock.ShopEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Hands a product's events on by time and id: buffers by timestamp, with a timer for each. */
final class InOrder extends KeyedProcessFunction<String, ShopEvent, PricedEvent> {
  private static final long serialVersionUID = 1;

  // Of one timestamp; the raw bytes that the contract compares last never decide here.
  private static final Comparator<ShopEvent> BY_ID = Comparator.comparing(event -> event.eventId);

  private transient MapState<Long, List<ShopEvent>> waiting;

  @Override
  public void open(OpenContext context) {
    TypeInformation<ShopEvent> event = TypeInformation.of(ShopEvent.class);
    waiting =
        getRuntimeContext()
            .getMapState(new MapStateDescriptor<>("waiting", Types.LONG, Types.LIST(event)));
  }

  @Override
  public void processElement(ShopEvent event, Context context, Collector<PricedEvent> out)
      throws Exception {
    if (event.timestamp <= context.timerService().currentWatermark()) {
      context.output(LateEvents.TAG, event);
      return;
    }
    List<ShopEvent> sameTime = waiting.get(event.timestamp);
    if (sameTime == null) {
      sameTime = new ArrayList<>(1);
      context.timerService().registerEventTimeTimer(event.timestamp);
    }
    sameTime.add(event);
    waiting.put(event.timestamp, sameTime);
  }

  @Override
  public void onTimer(long time, OnTimerContext context, Collector<PricedEvent> out)
      throws Exception {
    List<ShopEvent> events = waiting.get(time);
    waiting.remove(time);
    events.sort(BY_ID);
    for (ShopEvent event : events) {
      PricedEvent priced = new PricedEvent();
      priced.productId = event.productId;
      priced.timestamp = event.timestamp;
      priced.price = event.price;
      out.collect(priced);
    }
  }
}
