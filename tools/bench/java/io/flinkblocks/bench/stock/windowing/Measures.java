package io.flinkblocks.bench.stock.windowing;

import io.flinkblocks.bench.stock.OutputLine;
import io.flinkblocks.bench.stock.ShopEvent;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.api.common.functions.AggregateFunction;

/** What is measured of a category's events; the accumulator, a POJO. */
public final class Measures {
  public long events;
  public long purchases;
  public Set<String> users = new HashSet<>();
  public BigDecimal revenue = BigDecimal.ZERO;
  public BigDecimal prices = BigDecimal.ZERO;

  // Null before the first event.
  public BigDecimal minPrice;
  public BigDecimal maxPrice;

  public Measures() {}

  private void add(ShopEvent event) {
    events++;
    users.add(event.userId);
    if (event.isPurchase()) {
      purchases++;
      revenue = revenue.add(event.amount());
    }
    prices = prices.add(event.price);
    stretch(event.price, event.price);
  }

  /** Adds all of another, which has at least one event. */
  void addAll(Measures other) {
    events += other.events;
    purchases += other.purchases;
    users.addAll(other.users);
    revenue = revenue.add(other.revenue);
    prices = prices.add(other.prices);
    stretch(other.minPrice, other.maxPrice);
  }

  private void stretch(BigDecimal lowest, BigDecimal highest) {
    minPrice = minPrice == null ? lowest : minPrice.min(lowest);
    maxPrice = maxPrice == null ? highest : maxPrice.max(highest);
  }

  /** The mean price, rounded to cents. */
  BigDecimal averagePrice() {
    return OutputLine.average(prices, events);
  }

  static final class Aggregate implements AggregateFunction<ShopEvent, Measures, Measures> {
    private static final long serialVersionUID = 1;

    @Override
    public Measures createAccumulator() {
      return new Measures();
    }

    @Override
    public Measures add(ShopEvent event, Measures measures) {
      measures.add(event);
      return measures;
    }

    @Override
    public Measures getResult(Measures measures) {
      return measures;
    }

    @Override
    public Measures merge(Measures left, Measures right) {
      left.addAll(right);
      return left;
    }
  }
}
