package io.flinkblocks.bench.stock.windowing;

import java.math.BigDecimal;

/** What the global window keeps of an event; a POJO. */
public final class PricedEvent {
  public String productId;
  public long timestamp;
  public BigDecimal price;

  public PricedEvent() {}
}
