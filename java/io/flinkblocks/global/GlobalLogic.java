package io.flinkblocks.global;

import io.flinkblocks.event.Event;
import io.flinkblocks.ordered.KeyedLogic;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * A product's events in one window without end: the trigger says when it fires, the evictor what it
 * then still holds. Firing takes nothing out.
 *
 * <p>The trigger fires at every so many events, and {@link #TIMEOUT} after the first event since it
 * fired last: before those events that come at that time or later.
 *
 * <p>The evictor keeps what is less than {@link #RETENTION} older than the newest event, and of
 * that the last {@link KeptEvents#MOST}. Both only ever take away the oldest, so it makes no
 * difference that it runs at every event and not before each firing only; and what is out needs no
 * room until then.
 */
final class GlobalLogic implements KeyedLogic<GlobalState> {
  /** How long an event waits for a firing. */
  static final long TIMEOUT = 5 * 60_000;

  /** How long an event is kept. Longer than the timeout: so nothing is forgotten that waits. */
  static final long RETENTION = 10 * 60_000;

  private static final long serialVersionUID = 1;

  private final long triggerCount;

  /**
   * @param triggerCount after how many events the window fires
   * @throws IllegalArgumentException when that is none
   */
  GlobalLogic(long triggerCount) {
    if (triggerCount < 1) {
      throw new IllegalArgumentException("no window fires after " + triggerCount + " events");
    }
    this.triggerCount = triggerCount;
  }

  @Override
  public GlobalState create() {
    return new GlobalState();
  }

  @Override
  public void onEvent(Event event, GlobalState product, Consumer<OutputRecord> out) {
    product.kept.dropUpTo(event.timestamp() - RETENTION);
    product.add(event.timestamp(), event.priceMicros());
    // More than the count after a restart with a smaller one.
    if (product.waiting >= triggerCount) {
      fire("count", event.bytes(Event.PRODUCT_ID), product, out);
    }
  }

  /**
   * The timeout of what waits for a firing; or the product was silent for long, and is forgotten.
   */
  @Override
  public void onTimer(
      String productId, long time, GlobalState product, Consumer<OutputRecord> out) {
    if (product.waiting > 0) {
      fire("timeout", productId.getBytes(StandardCharsets.UTF_8), product, out);
    } else {
      product.kept.clear();
    }
  }

  @Override
  public long timer(GlobalState product) {
    if (product.waiting > 0) {
      return product.waitingSince + TIMEOUT;
    }
    return product.kept.size() == 0 ? NEVER : product.kept.newest() + RETENTION;
  }

  private static void fire(
      String firedBy, byte[] productId, GlobalState product, Consumer<OutputRecord> out) {
    product.waiting = 0;
    KeptEvents kept = product.kept;
    KeptEvents.Prices prices = kept.prices();
    byte[] value =
        new JsonWriter()
            .begin()
            .field("product_id", productId)
            .field("fired_by", firedBy)
            .field("from", kept.oldest())
            .field("to", kept.newest())
            .field("count", kept.size())
            .amount("avg_price", prices.total().averageHalfUp2(kept.size()))
            .amount("min_price", prices.least())
            .amount("max_price", prices.most())
            .end();
    out.accept(OutputRecord.of(GlobalWindows.OUTPUT, productId, value));
  }

  @Override
  public long footprint(GlobalState product) {
    return product.footprint();
  }

  @Override
  public TypeSerializer<GlobalState> serializer() {
    return GlobalSerializer.INSTANCE;
  }
}
