package io.flinkblocks.revenue;

import io.flinkblocks.event.Event;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import io.flinkblocks.window.Aggregator;
import io.flinkblocks.window.Firing;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * What the purchases of a category brought in, in one window. To be given purchases only.
 *
 * <p>Amounts are exact and users are counted exactly, so the result depends neither on the order of
 * the events nor on how accumulators were merged.
 */
final class RevenueAggregator implements Aggregator<RevenueAccumulator> {
  private static final long serialVersionUID = 1;

  @Override
  public RevenueAccumulator create() {
    return new RevenueAccumulator();
  }

  @Override
  public void add(Event purchase, RevenueAccumulator revenue) {
    long amount = purchase.amountMicros();
    revenue.orders++;
    revenue.total.add(amount);
    revenue.maxMicros = Math.max(revenue.maxMicros, amount);
    revenue.users.add(
        purchase.data(), purchase.start(Event.USER_ID), purchase.length(Event.USER_ID));
  }

  @Override
  public void merge(RevenueAccumulator from, RevenueAccumulator into) {
    into.orders += from.orders;
    into.total.add(from.total);
    into.maxMicros = Math.max(into.maxMicros, from.maxMicros);
    into.users.addAll(from.users);
  }

  @Override
  public void emit(Firing firing, RevenueAccumulator revenue, Consumer<OutputRecord> out) {
    byte[] key = firing.key().getBytes(StandardCharsets.UTF_8);
    byte[] value =
        new JsonWriter()
            .begin()
            .field("window_key", key)
            .field("window_start", firing.window().start())
            .field("window_end", firing.window().end())
            .amount("total_revenue", revenue.total)
            .field("order_count", revenue.orders)
            .field("unique_users", revenue.users.size())
            .amount("avg_order_value", revenue.total.averageHalfUp2(revenue.orders))
            .amount("max_order_value", revenue.maxMicros)
            .end();
    out.accept(OutputRecord.of(Revenue.OUTPUT, key, value));
  }

  @Override
  public long footprint(RevenueAccumulator revenue) {
    return 80 + revenue.users.footprint();
  }

  @Override
  public TypeSerializer<RevenueAccumulator> serializer() {
    return RevenueSerializer.INSTANCE;
  }
}
