package io.flinkblocks.bench.stock;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.math.BigDecimal;

/** An event as a POJO, which Flink and Jackson both take as it is. */
@JsonIgnoreProperties(ignoreUnknown = true)
public final class ShopEvent {
  public String eventId;
  public String userId;
  public String sessionId;
  public String productId;
  public String category;
  public String action;
  public BigDecimal price;
  public int quantity;
  public long timestamp;
  public Metadata metadata;

  /** The record as it came: what late-events must show. */
  @JsonIgnore public byte[] raw;

  /** What is looked at of the metadata. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public static final class Metadata {
    public String ipAddress;

    public Metadata() {}
  }

  public ShopEvent() {}

  /** Whether something was bought. */
  @JsonIgnore
  public boolean isPurchase() {
    return "purchase".equals(action);
  }

  /** price x quantity. */
  public BigDecimal amount() {
    return price.multiply(BigDecimal.valueOf(quantity));
  }
}
