package io.flinkblocks.bench.stock;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the fraud rules keep of a user; a POJO. */
public final class PurchaseHistory {
  public long count;
  public BigDecimal total = BigDecimal.ZERO;
  public long lastTime;
  public String lastEventId;
  public BigDecimal lastAmount;

  /** Times of the purchases of the last minute. */
  public List<Long> recent = new ArrayList<>();

  /** When each address was last seen, of the last five minutes. */
  public Map<String, Long> addresses = new HashMap<>();

  /** When each rule fired last. */
  public Map<String, Long> alerts = new HashMap<>();

  public PurchaseHistory() {}
}
