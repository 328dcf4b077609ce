package io.flinkblocks.bench.stock;

import java.math.BigDecimal;
import org.apache.flink.streaming.api.datastream.DataStream;

/** Large purchases, with a filter. */
final class HighValue {
  private static final BigDecimal THRESHOLD = new BigDecimal("1000.00");

  static DataStream<OutputLine> of(DataStream<ShopEvent> events) {
    return events
        .filter(event -> event.isPurchase() && event.amount().compareTo(THRESHOLD) >= 0)
        .map(
            event ->
                OutputLine.of(
                    "high-value-transactions",
                    new Transaction(
                        event.eventId,
                        event.userId,
                        event.productId,
                        event.category,
                        OutputLine.money(event.amount()),
                        event.timestamp)))
        .returns(OutputLine.class);
  }

  private record Transaction(
      String eventId,
      String userId,
      String productId,
      String category,
      BigDecimal amount,
      long timestamp) {}

  private HighValue() {}
}
