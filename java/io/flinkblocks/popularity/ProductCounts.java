package io.flinkblocks.popularity;

import io.flinkblocks.event.Action;
import io.flinkblocks.event.Compact;
import io.flinkblocks.window.ByteStringIndex;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** How often each product was viewed, put into a cart, bought. Products are numbered from 0. */
final class ProductCounts {
  private static final int KINDS = 3;
  private static final int VIEWS = 0;
  private static final int CARTS = 1;
  private static final int PURCHASES = 2;

  private final ByteStringIndex products;

  /** KINDS numbers for each product. */
  private long[] counts;

  ProductCounts() {
    this(new ByteStringIndex(), new long[8 * KINDS]);
  }

  private ProductCounts(ByteStringIndex products, long[] counts) {
    this.products = products;
    this.counts = counts;
  }

  /**
   * Counts an action.
   *
   * @param data holds the product's id as a slice
   * @return the product's number
   */
  int add(byte[] data, int start, int length, Action action) {
    int product = number(products.number(data, start, length));
    switch (action) {
      case VIEW -> counts[KINDS * product + VIEWS]++;
      case ADD_TO_CART -> counts[KINDS * product + CARTS]++;
      case PURCHASE -> counts[KINDS * product + PURCHASES]++;
      default -> {
        // The other actions do not count, but the product is known from now on.
      }
    }
    return product;
  }

  /**
   * Adds all of another's counts.
   *
   * @return the numbers that its products have here
   */
  int[] addAll(ProductCounts other) {
    int[] numbers = new int[other.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(products.number(other.products, i));
      for (int kind = 0; kind < KINDS; kind++) {
        counts[KINDS * numbers[i] + kind] += other.counts[KINDS * i + kind];
      }
    }
    return numbers;
  }

  /** How many products there are. */
  int size() {
    return products.size();
  }

  long views(int product) {
    return counts[KINDS * product + VIEWS];
  }

  long addToCarts(int product) {
    return counts[KINDS * product + CARTS];
  }

  long purchases(int product) {
    return counts[KINDS * product + PURCHASES];
  }

  /** What products are ranked by. */
  long score(int product) {
    return views(product) + 3 * addToCarts(product) + 5 * purchases(product);
  }

  /** The array that the products' ids lie in, as UTF-8; not to be changed. */
  byte[] ids() {
    return products.bytes();
  }

  /** Where a product's id starts in {@link #ids}. */
  int idStart(int product) {
    return products.start(product);
  }

  /** Where it ends. */
  int idEnd(int product) {
    return products.end(product);
  }

  ProductCounts copy() {
    return new ProductCounts(products.copy(), counts.clone());
  }

  /** Roughly how much memory this takes, in bytes. */
  long footprint() {
    return 40 + products.footprint() + (long) Long.BYTES * counts.length;
  }

  void write(DataOutputView out) throws IOException {
    products.write(out);
    for (int i = 0; i < KINDS * size(); i++) {
      Compact.writeNumber(counts[i], out);
    }
  }

  static ProductCounts read(DataInputView in) throws IOException {
    ByteStringIndex products = ByteStringIndex.read(in);
    long[] counts = new long[KINDS * Math.max(products.size(), 8)];
    for (int i = 0; i < KINDS * products.size(); i++) {
      counts[i] = Compact.readNumber(in);
    }
    return new ProductCounts(products, counts);
  }

  /** The same number, with room for its counts. */
  private int number(int product) {
    if (KINDS * product == counts.length) {
      counts = Arrays.copyOf(counts, Math.multiplyExact(counts.length, 2));
    }
    return product;
  }
}
