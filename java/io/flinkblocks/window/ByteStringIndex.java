package io.flinkblocks.window;

import io.flinkblocks.event.Compact;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Numbers distinct byte strings, such as ids in UTF-8, by 0, 1, 2 and so on, as they come: what
 * belongs to a string then has its place in arrays. It only grows.
 *
 * <p>The strings lie one behind the other in one array; an open-addressing table of (hash, number)
 * finds them. Strings of equal hash are compared byte by byte. Hashes and table are not stored, but
 * made again: the hash ({@link ByteHash}) differs between JVMs.
 */
public class ByteStringIndex {
  private static final int FEW = 8;
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private byte[] bytes;
  private int size;

  /** Where each string ends, by number; it starts where the one before ends. */
  private int[] ends;

  private int[] hashes;

  /** The hash in the upper half, 1 + number in the lower; 0 is a free slot. */
  private long[] table;

  public ByteStringIndex() {
    this(new byte[8 * FEW], 0, new int[FEW], new int[FEW], new long[2 * FEW]);
  }

  private ByteStringIndex(byte[] bytes, int size, int[] ends, int[] hashes, long[] table) {
    this.bytes = bytes;
    this.size = size;
    this.ends = ends;
    this.hashes = hashes;
    this.table = table;
  }

  /** How many different strings there are: the next number. */
  public int size() {
    return size;
  }

  /** The array that the strings lie in. Not to be changed, and another one after an addition. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where a string starts in {@link #bytes}. */
  public int start(int number) {
    return number == 0 ? 0 : ends[number - 1];
  }

  /** The position behind a string's last byte. */
  public int end(int number) {
    return ends[number];
  }

  /**
   * The number of a string, given as a slice of an array; a new one is copied and gets the number
   * {@link #size} had before.
   *
   * @throws IllegalStateException when the strings no longer fit into one array of 2 GB
   */
  public int number(byte[] data, int start, int length) {
    return number(data, start, length, hash(data, start, length));
  }

  /** The number that another index' string has here; the string is added if it is new. */
  public int number(ByteStringIndex other, int number) {
    int start = other.start(number);
    return number(other.bytes, start, other.ends[number] - start, other.hashes[number]);
  }

  /** An independent index of the same strings under the same numbers. */
  public ByteStringIndex copy() {
    return new ByteStringIndex(bytes.clone(), size, ends.clone(), hashes.clone(), table.clone());
  }

  /** Roughly how much memory this takes, in bytes. */
  public long footprint() {
    return 104L + bytes.length + 8L * ends.length + 8L * table.length;
  }

  /** Writes how many strings there are, the length of each, and all their bytes. */
  public void write(DataOutputView out) throws IOException {
    Compact.writeNumber(size, out);
    for (int number = 0; number < size; number++) {
      Compact.writeNumber(ends[number] - start(number), out);
    }
    out.write(bytes, 0, start(size));
  }

  /** Reads what {@link #write} wrote. */
  public static ByteStringIndex read(DataInputView in) throws IOException {
    int size = Compact.readInt(in);
    int[] ends = new int[Math.max(size, FEW)];
    int end = 0;
    for (int number = 0; number < size; number++) {
      end += Compact.readInt(in);
      ends[number] = end;
    }
    byte[] bytes = new byte[end];
    in.readFully(bytes);
    ByteStringIndex index =
        new ByteStringIndex(bytes, size, ends, new int[ends.length], new long[tableLength(size)]);
    index.fillTable();
    return index;
  }

  private int number(byte[] data, int start, int length, int hash) {
    int mask = table.length - 1;
    int slot = hash & mask;
    for (long entry; (entry = table[slot]) != 0; slot = (slot + 1) & mask) {
      int number = (int) entry - 1;
      if ((int) (entry >>> 32) == hash && isString(number, data, start, length)) {
        return number;
      }
    }
    append(data, start, length, hash);
    table[slot] = entry(hash, size - 1);
    if (size > limit(table.length)) {
      grow();
    }
    return size - 1;
  }

  private boolean isString(int number, byte[] data, int start, int length) {
    return Arrays.equals(bytes, start(number), ends[number], data, start, start + length);
  }

  private void append(byte[] data, int start, int length, int hash) {
    int at = start(size);
    long needed = (long) at + length;
    if (needed > bytes.length) {
      if (needed > MAX_ARRAY) {
        throw new IllegalStateException("the " + size + " distinct ids of one index exceed 2 GB");
      }
      long roomy = Math.max(needed, bytes.length + (bytes.length >> 1) + 16L);
      bytes = Arrays.copyOf(bytes, (int) Math.min(roomy, MAX_ARRAY));
    }
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, size + (size >> 1));
      hashes = Arrays.copyOf(hashes, ends.length);
    }
    System.arraycopy(data, start, bytes, at, length);
    ends[size] = (int) needed;
    hashes[size] = hash;
    size++;
  }

  private void fillTable() {
    for (int number = 0; number < size; number++) {
      int start = start(number);
      hashes[number] = hash(bytes, start, ends[number] - start);
      put(table, entry(hashes[number], number));
    }
  }

  private void grow() {
    long[] larger = new long[Math.multiplyExact(table.length, 2)];
    for (int number = 0; number < size; number++) {
      put(larger, entry(hashes[number], number));
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

  private static long entry(int hash, int number) {
    return (long) hash << 32 | (number + 1);
  }

  /** The smallest power of two that holds so many strings and one more. */
  private static int tableLength(int size) {
    int length = 2 * FEW;
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
