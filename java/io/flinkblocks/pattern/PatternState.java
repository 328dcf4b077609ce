package io.flinkblocks.pattern;

import io.flinkblocks.event.Compact;
import io.flinkblocks.event.Event;
import io.flinkblocks.window.ByteStringIndex;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A user's window: a {@link Trail} for each product that was looked at or put into the cart. */
final class PatternState {
  /** Of everything here that does not grow. */
  private static final long OWN_BYTES = 64;

  private static final int FEW = 4;

  /** When the window starts; without meaning as long as there is no product. */
  long start;

  /** The products' numbers; null when there is none. */
  private ByteStringIndex products;

  /** By a product's number. */
  private Trail[] trails;

  /** What all trails take in memory. */
  private long trailBytes;

  /** Whether nothing in the window can be part of a pattern. */
  boolean isEmpty() {
    return products == null;
  }

  /** Adds an event that is not before the others. */
  void add(Event event) {
    boolean matters =
        switch (event.action()) {
          case VIEW, ADD_TO_CART -> true;
          // No pattern starts with these: as long as there is no product, they are nothing.
          case PURCHASE, REMOVE_FROM_CART -> !isEmpty();
          case WISHLIST, OTHER -> false;
        };
    if (matters) {
      Trail trail = trailOf(event); // First: it counts, too.
      trailBytes += trail.add(event);
    }
  }

  private Trail trailOf(Event event) {
    if (products == null) {
      products = new ByteStringIndex();
      trails = new Trail[FEW];
    }
    int known = products.size();
    int product =
        products.number(
            event.data(), event.start(Event.PRODUCT_ID), event.length(Event.PRODUCT_ID));
    if (product == known) {
      if (product == trails.length) {
        trails = Arrays.copyOf(trails, Math.multiplyExact(product, 2));
      }
      trails[product] = new Trail();
      trailBytes += trails[product].footprint();
    }
    return trails[product];
  }

  /** The numbers of the products with a pattern, by the bytes of their ids. */
  int[] productsWithPatterns() {
    return IntStream.range(0, products.size())
        .filter(product -> trails[product].hasPattern())
        .boxed()
        .sorted(this::compareIds)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private int compareIds(int a, int b) {
    byte[] ids = products.bytes();
    return Arrays.compareUnsigned(
        ids, products.start(a), products.end(a), ids, products.start(b), products.end(b));
  }

  Trail trail(int product) {
    return trails[product];
  }

  byte[] productId(int product) {
    return Arrays.copyOfRange(products.bytes(), products.start(product), products.end(product));
  }

  /** Forgets the window. */
  void clear() {
    products = null;
    trails = null;
    trailBytes = 0;
  }

  PatternState copy() {
    PatternState copy = new PatternState();
    copy.start = start;
    if (!isEmpty()) {
      copy.products = products.copy();
      copy.trails = new Trail[trails.length];
      for (int product = 0; product < products.size(); product++) {
        copy.trails[product] = trails[product].copy();
      }
      copy.trailBytes = trailBytes;
    }
    return copy;
  }

  /** Roughly how much memory it takes, in bytes. */
  long footprint() {
    return isEmpty()
        ? OWN_BYTES
        : OWN_BYTES + products.footprint() + 4L * trails.length + trailBytes;
  }

  /** Writes the products, and if there are any the window's start in eight bytes and each trail. */
  void write(DataOutputView out) throws IOException {
    if (isEmpty()) {
      Compact.writeNumber(0, out);
      return;
    }
    products.write(out);
    out.writeLong(start);
    for (int product = 0; product < products.size(); product++) {
      trails[product].write(out);
    }
  }

  /** Reads what {@link #write} wrote. */
  static PatternState read(DataInputView in) throws IOException {
    PatternState read = new PatternState();
    ByteStringIndex products = ByteStringIndex.read(in);
    if (products.size() == 0) {
      return read;
    }
    read.products = products;
    read.start = in.readLong();
    read.trails = new Trail[Math.max(products.size(), FEW)];
    for (int product = 0; product < products.size(); product++) {
      Trail trail = Trail.read(in);
      read.trails[product] = trail;
      read.trailBytes += trail.footprint();
    }
    return read;
  }
}
