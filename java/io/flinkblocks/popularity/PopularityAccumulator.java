package io.flinkblocks.popularity;

import io.flinkblocks.event.Event;

/**
 * The events of one category and pane, as far as they are needed; mutable.
 *
 * @param counts what happened to each product
 * @param users who did it; products have their numbers from the counts
 */
record PopularityAccumulator(ProductCounts counts, ProductUsers users) {
  PopularityAccumulator() {
    this(new ProductCounts(), new ProductUsers());
  }

  void add(Event event) {
    byte[] data = event.data();
    int product =
        counts.add(
            data, event.start(Event.PRODUCT_ID), event.length(Event.PRODUCT_ID), event.action());
    users.add(product, data, event.start(Event.USER_ID), event.length(Event.USER_ID));
  }

  void addAll(PopularityAccumulator other) {
    int[] numbers = counts.addAll(other.counts);
    other.users.forEach(
        (product, data, start, length) -> users.add(numbers[product], data, start, length));
  }

  PopularityAccumulator copy() {
    return new PopularityAccumulator(counts.copy(), users.copy());
  }
}
