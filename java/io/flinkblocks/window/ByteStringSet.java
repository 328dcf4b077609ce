package io.flinkblocks.window;

import io.flinkblocks.event.Compact;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * An exact set of byte strings, such as ids in UTF-8, that only grows: for counting distinct ones.
 *
 * <p>Compact: the strings lie one behind the other in one array, each after its length; an
 * open-addressing table of (hash, position) finds them. Strings of equal hash are compared byte by
 * byte, so the count is exact. A handful of strings needs no table and has none; it is not stored
 * either, but built again at the first use.
 *
 * <p>The hash is {@link ByteHash}, so ids cannot be made up to collide.
 */
public class ByteStringSet {
  /** Takes the strings of a set, one after the other. */
  @FunctionalInterface
  public interface Slices {
    /** Takes a slice of an array that is not to be changed. */
    void accept(byte[] data, int start, int length);
  }

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** Up to this many strings are searched one after the other. */
  private static final int WITHOUT_TABLE = 8;

  private static final byte[] NO_BYTES = {};
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private byte[] bytes;
  private int used;
  private int size;

  /** The hash in the upper half, 1 + position in the lower; 0 is a free slot. Null: no table. */
  private long[] table;

  public ByteStringSet() {
    this(NO_BYTES, 0, 0);
  }

  private ByteStringSet(byte[] bytes, int used, int size) {
    this.bytes = bytes;
    this.used = used;
    this.size = size;
  }

  /** How many different strings were added. */
  public int size() {
    return size;
  }

  /** Adds a whole array; see {@link #add(byte[], int, int)}. */
  public boolean add(byte[] data) {
    return add(data, 0, data.length);
  }

  /**
   * Adds a slice of an array, which is copied if it is new.
   *
   * @return whether it is new
   * @throws IllegalStateException when the strings no longer fit into one array of 2 GB
   */
  public boolean add(byte[] data, int start, int length) {
    if (size <= WITHOUT_TABLE) {
      if (isAmongFew(data, start, length)) {
        return false;
      }
      append(data, start, length);
      return true;
    }
    return add(data, start, length, hash(data, start, length));
  }

  /** Adds every string of another set, which stays as it is. */
  public void addAll(ByteStringSet other) {
    other.forEach(this::add);
  }

  /** Whether a slice of an array was added. */
  public boolean contains(byte[] data, int start, int length) {
    if (size <= WITHOUT_TABLE) {
      return isAmongFew(data, start, length);
    }
    int slot = slotOf(data, start, length, hash(data, start, length));
    return table[slot] != 0;
  }

  /** Shows every string, in the order in which they were added. */
  public void forEach(Slices slices) {
    int end = used; // What is added meanwhile, as by a set to itself, is not shown.
    for (int at = 0; at < end; ) {
      int length = lengthAt(at);
      int start = at + lengthOfLength(length);
      slices.accept(bytes, start, length);
      at = start + length;
    }
  }

  /** How many bytes {@link #write} writes, but for two numbers. */
  public int bytes() {
    return used;
  }

  /** Roughly how much memory this takes, in bytes. */
  public long footprint() {
    return 56L + bytes.length + (table == null ? 0 : (long) Long.BYTES * table.length);
  }

  /** An independent set of the same strings. */
  public ByteStringSet copy() {
    ByteStringSet copy = new ByteStringSet(Arrays.copyOf(bytes, used), used, size);
    copy.table = table == null ? null : table.clone();
    return copy;
  }

  /** Writes how many strings, how many bytes follow, and those: the strings as in memory. */
  public void write(DataOutputView out) throws IOException {
    Compact.writeNumber(size, out);
    Compact.writeNumber(used, out);
    out.write(bytes, 0, used);
  }

  /** Reads what {@link #write} wrote. */
  public static ByteStringSet read(DataInputView in) throws IOException {
    int size = Compact.readInt(in);
    int used = Compact.readInt(in);
    byte[] bytes = new byte[used];
    in.readFully(bytes);
    return new ByteStringSet(bytes, used, size);
  }

  private boolean add(byte[] data, int start, int length, int hash) {
    int slot = slotOf(data, start, length, hash);
    if (table[slot] != 0) {
      return false;
    }
    table[slot] = entry(hash, append(data, start, length));
    if (size > limit(table.length)) {
      grow();
    }
    return true;
  }

  /** The slot that a string has or, if it is free, would get. */
  private int slotOf(byte[] data, int start, int length, int hash) {
    if (table == null) {
      table = new long[tableLength(size)];
      index();
    }
    int mask = table.length - 1;
    int slot = hash & mask;
    for (long entry; (entry = table[slot]) != 0; slot = (slot + 1) & mask) {
      if ((int) (entry >>> 32) == hash && isAt((int) entry - 1, data, start, length)) {
        break;
      }
    }
    return slot;
  }

  private boolean isAmongFew(byte[] data, int start, int length) {
    for (int at = 0; at < used; ) {
      if (isAt(at, data, start, length)) {
        return true;
      }
      int other = lengthAt(at);
      at += lengthOfLength(other) + other;
    }
    return false;
  }

  private boolean isAt(int at, byte[] data, int start, int length) {
    if (lengthAt(at) != length) {
      return false;
    }
    int own = at + lengthOfLength(length);
    return Arrays.equals(bytes, own, own + length, data, start, start + length);
  }

  /** Copies a string behind the others and returns its position. */
  private int append(byte[] data, int start, int length) {
    int prefix = lengthOfLength(length);
    long needed = (long) used + prefix + length;
    if (needed > bytes.length) {
      if (needed > MAX_ARRAY) {
        throw new IllegalStateException("the " + size + " distinct ids of one set exceed 2 GB");
      }
      long roomy = Math.max(needed, bytes.length + (bytes.length >> 1) + 16L);
      bytes = Arrays.copyOf(bytes, (int) Math.min(roomy, MAX_ARRAY));
    }
    int at = used;
    if (prefix == 1) {
      bytes[at] = (byte) length;
    } else {
      bytes[at] = -1;
      INT.set(bytes, at + 1, length);
    }
    System.arraycopy(data, start, bytes, at + prefix, length);
    used = (int) needed;
    size++;
    return at;
  }

  /** A length below 128 takes one byte, a longer one a byte of -1 and four more. */
  private static int lengthOfLength(int length) {
    return length < 128 ? 1 : 5;
  }

  private int lengthAt(int at) {
    int first = bytes[at];
    return first >= 0 ? first : (int) INT.get(bytes, at + 1);
  }

  private void index() {
    for (int at = 0; at < used; ) {
      int length = lengthAt(at);
      int start = at + lengthOfLength(length);
      put(table, entry(hash(bytes, start, length), at));
      at = start + length;
    }
  }

  /** Needs no bytes: each entry has its whole hash. */
  private void grow() {
    long[] larger = new long[Math.multiplyExact(table.length, 2)];
    for (long entry : table) {
      if (entry != 0) {
        put(larger, entry);
      }
    }
    table = larger;
  }

  private static void put(long[] table, long entry) {
    int mask = table.length - 1;
    int slot = (int) (entry >>> 32) & mask;
    while (table[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    table[slot] = entry;
  }

  private static long entry(int hash, int at) {
    return (long) hash << 32 | (at + 1);
  }

  /** The smallest power of two that holds so many strings and one more. */
  private static int tableLength(int size) {
    int length = 32;
    while (limit(length) <= size) {
      length = Math.multiplyExact(length, 2);
    }
    return length;
  }

  /** At most two thirds of the slots are taken, so that searches stay short. */
  private static int limit(int tableLength) {
    return (int) (tableLength * 2L / 3);
  }

  /** Overridden by a test that wants collisions. */
  int hash(byte[] data, int start, int length) {
    return ByteHash.of(data, start, length);
  }
}
