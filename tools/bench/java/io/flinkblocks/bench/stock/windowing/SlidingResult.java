package io.flinkblocks.bench.stock.windowing;

import java.math.BigDecimal;

/** The measures of one sliding window, before they are compared; a POJO. */
public final class SlidingResult {
  public String category;
  public long start;
  public long end;
  public long events;
  public long purchases;
  public int users;
  public BigDecimal revenue;
  public BigDecimal averagePrice;
  public BigDecimal minPrice;
  public BigDecimal maxPrice;

  public SlidingResult() {}
}
