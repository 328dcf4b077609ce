package io.flinkblocks.popularity;

import io.flinkblocks.window.ByteStringSet;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Which users had to do with which product, exactly, each pair once.
 *
 * <p>One set holds the pairs of all products, each as a product's number, four bytes, and a user's
 * id behind: most products have a few users in a pane, and a set of their own for each of them
 * would take more room than the ids.
 */
final class ProductUsers {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** Takes pairs, one after the other. */
  @FunctionalInterface
  interface Pairs {
    /** Takes a product's number, and a user's id as a slice of an array not to be changed. */
    void accept(int product, byte[] data, int start, int length);
  }

  private final ByteStringSet pairs;
  private byte[] pair = new byte[32];

  ProductUsers() {
    this(new ByteStringSet());
  }

  private ProductUsers(ByteStringSet pairs) {
    this.pairs = pairs;
  }

  /** Adds a pair, the user's id as a slice of an array. */
  void add(int product, byte[] data, int start, int length) {
    int pairLength = Integer.BYTES + length;
    if (pairLength > pair.length) {
      pair = new byte[pairLength];
    }
    INT.set(pair, 0, product);
    System.arraycopy(data, start, pair, Integer.BYTES, length);
    pairs.add(pair, 0, pairLength);
  }

  /** Shows every pair. */
  void forEach(Pairs each) {
    pairs.forEach(
        (data, start, length) ->
            each.accept(
                (int) INT.get(data, start), data, start + Integer.BYTES, length - Integer.BYTES));
  }

  ProductUsers copy() {
    return new ProductUsers(pairs.copy());
  }

  /** Roughly how much memory this takes, in bytes. */
  long footprint() {
    return 40 + pair.length + pairs.footprint();
  }

  void write(DataOutputView out) throws IOException {
    pairs.write(out);
  }

  static ProductUsers read(DataInputView in) throws IOException {
    return new ProductUsers(ByteStringSet.read(in));
  }
}
