package io.flinkblocks.bench.stock;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** The ten most popular products of each category, with a sliding window. */
final class Popularity {
  private static final String OUTPUT = "analytics-results";
  private static final int TOP = 10;

  static DataStream<OutputLine> of(DataStream<ShopEvent> events) {
    return LateEvents.with(
        events
            .keyBy(event -> event.category)
            .window(SlidingEventTimeWindows.of(Duration.ofMinutes(5), Duration.ofMinutes(1)))
            .sideOutputLateData(LateEvents.TAG)
            .aggregate(new Aggregate(), new Emit()),
        OUTPUT);
  }

  /** What happened to one product; a POJO. */
  public static final class Product {
    public long views;
    public long addToCarts;
    public long purchases;
    public Set<String> users = new HashSet<>();

    public Product() {}

    private long score() {
      return views + 3 * addToCarts + 5 * purchases;
    }
  }

  /** The accumulator, a POJO. */
  public static final class Products {
    public Map<String, Product> byId = new HashMap<>();

    public Products() {}
  }

  private static final class Aggregate implements AggregateFunction<ShopEvent, Products, Products> {
    private static final long serialVersionUID = 1;

    @Override
    public Products createAccumulator() {
      return new Products();
    }

    @Override
    public Products add(ShopEvent event, Products products) {
      Product product = products.byId.computeIfAbsent(event.productId, id -> new Product());
      switch (event.action) {
        case "view" -> product.views++;
        case "add_to_cart" -> product.addToCarts++;
        case "purchase" -> product.purchases++;
        default -> {
          // The user counts, the score does not change.
        }
      }
      product.users.add(event.userId);
      return products;
    }

    @Override
    public Products getResult(Products products) {
      return products;
    }

    @Override
    public Products merge(Products left, Products right) {
      right.byId.forEach(
          (id, from) -> {
            Product into = left.byId.computeIfAbsent(id, key -> new Product());
            into.views += from.views;
            into.addToCarts += from.addToCarts;
            into.purchases += from.purchases;
            into.users.addAll(from.users);
          });
      return left;
    }
  }

  private static final class Emit
      extends ProcessWindowFunction<Products, OutputLine, String, TimeWindow> {
    private static final long serialVersionUID = 1;

    // By code units; that is the order by UTF-8 bytes but for characters beyond the BMP.
    private static final Comparator<Map.Entry<String, Product>> BY_RANK =
        Comparator.<Map.Entry<String, Product>>comparingLong(entry -> -entry.getValue().score())
            .thenComparing(Map.Entry.comparingByKey());

    @Override
    public void process(
        String category, Context context, Iterable<Products> products, Collector<OutputLine> out)
        throws Exception {
      List<Map.Entry<String, Product>> top =
          products.iterator().next().byId.entrySet().stream()
              .filter(entry -> entry.getValue().score() > 0)
              .sorted(BY_RANK)
              .limit(TOP)
              .toList();
      int rank = 0;
      for (Map.Entry<String, Product> entry : top) {
        rank++;
        Product product = entry.getValue();
        Ranked ranked =
            new Ranked(
                "product_popularity",
                category,
                context.window().getStart(),
                context.window().getEnd(),
                rank,
                entry.getKey(),
                product.score(),
                product.views,
                product.addToCarts,
                product.purchases,
                product.users.size());
        out.collect(OutputLine.of(OUTPUT, ranked));
      }
    }
  }

  private record Ranked(
      String type,
      String category,
      long windowStart,
      long windowEnd,
      int rank,
      String productId,
      long score,
      long views,
      long addToCarts,
      long purchases,
      int uniqueUsers) {}

  private Popularity() {}
}
