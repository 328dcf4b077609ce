package io.flinkblocks.global;

import io.flinkblocks.event.Compact;
import io.flinkblocks.output.Amount;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Timestamps and prices of a product's latest events, which come in their order; at most {@link
 * #MOST}: one more drops the oldest.
 *
 * <p>They lie in a circle, in an array that starts small and is never larger than needed for the
 * most. Sum, least and most are made when asked for, from all of them: that is at a firing only, it
 * is quick, and what would keep them up to date takes more room than the prices.
 */
final class KeptEvents {
  /** How many are kept. */
  static final int MOST = 500;

  private static final long[] NOTHING = {};

  /** Events that there is room for at first; a power of two as all later numbers. */
  private static final int FEW = 4;

  /** Numbers of an event: its timestamp, its price. */
  private static final int PAIR = 2;

  // Event i is at slot (first + i) modulo their number, which is none or a power of two.
  private long[] pairs = NOTHING;
  private int first;
  private int size;

  /**
   * The prices of all of them, in millionths.
   *
   * @param total their sum
   */
  record Prices(Amount total, long least, long most) {}

  int size() {
    return size;
  }

  /** When the first of them was; there must be one. */
  long oldest() {
    return time(0);
  }

  /** When the last of them was; there must be one. */
  long newest() {
    return time(size - 1);
  }

  /** The prices of at least one event. */
  Prices prices() {
    Amount total = new Amount();
    long least = Long.MAX_VALUE;
    long most = 0;
    for (int i = 0; i < size; i++) {
      long price = price(i);
      total.add(price);
      least = Math.min(least, price);
      most = Math.max(most, price);
    }
    return new Prices(total, least, most);
  }

  /** Adds one that is not before the others. */
  void add(long time, long priceMicros) {
    if (size == MOST) {
      drop();
    } else if (PAIR * size == pairs.length) {
      grow();
    }
    int at = at(size);
    pairs[at] = time;
    pairs[at + 1] = priceMicros;
    size++;
  }

  private void grow() {
    long[] larger = new long[Math.max(PAIR * FEW, 2 * pairs.length)];
    int head = pairs.length - PAIR * first; // From the first to the end of the array.
    System.arraycopy(pairs, PAIR * first, larger, 0, head);
    System.arraycopy(pairs, 0, larger, head, pairs.length - head);
    pairs = larger;
    first = 0;
  }

  /** Forgets those at or before a time. */
  void dropUpTo(long time) {
    while (size > 0 && time(0) <= time) {
      drop();
    }
  }

  private void drop() {
    first = (first + 1) & (pairs.length / PAIR - 1);
    size--;
  }

  void clear() {
    pairs = NOTHING;
    first = 0;
    size = 0;
  }

  /** Where an event lies. */
  private int at(int i) {
    return PAIR * (first + i) & (pairs.length - 1);
  }

  private long time(int i) {
    return pairs[at(i)];
  }

  private long price(int i) {
    return pairs[at(i) + 1];
  }

  KeptEvents copy() {
    KeptEvents copy = new KeptEvents();
    copy.pairs = Arrays.copyOf(pairs, pairs.length);
    copy.first = first;
    copy.size = size;
    return copy;
  }

  /** Roughly how much memory this takes, in bytes. */
  long footprint() {
    return 40 + (long) Long.BYTES * pairs.length;
  }

  /**
   * Writes how many there are; if any, the time of the first in eight bytes; of each how far it is
   * behind the one before, and the price.
   */
  void write(DataOutputView out) throws IOException {
    Compact.writeNumber(size, out);
    if (size == 0) {
      return;
    }
    long before = oldest();
    out.writeLong(before);
    for (int i = 0; i < size; i++) {
      Compact.writeNumber(time(i) - before, out);
      Compact.writeNumber(price(i), out);
      before = time(i);
    }
  }

  /** Reads what {@link #write} wrote. */
  static KeptEvents read(DataInputView in) throws IOException {
    KeptEvents read = new KeptEvents();
    int left = Compact.readInt(in);
    long time = left > 0 ? in.readLong() : 0;
    for (; left > 0; left--) {
      time += Compact.readNumber(in);
      read.add(time, Compact.readNumber(in));
    }
    return read;
  }
}
