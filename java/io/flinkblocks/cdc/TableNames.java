package io.flinkblocks.cdc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One String for each of the few names that come again and again, found by its bytes. */
final class TableNames {
  private static final int SLOTS = 64;

  // Slots are written and read without locks: an entry is immutable, and one that is lost or
  // replaced is made again.
  private static final Entry[] ENTRIES = new Entry[SLOTS];

  private record Entry(byte[] utf8, String name) {}

  /** The name that these bytes of UTF-8 spell. */
  static String of(byte[] data, int start, int end) {
    int length = end - start;
    int slot = length == 0 ? 0 : (31 * length + 7 * data[start] + data[end - 1]) & SLOTS - 1;
    Entry entry = ENTRIES[slot];
    if (entry == null || !Arrays.equals(entry.utf8, 0, entry.utf8.length, data, start, end)) {
      String name = new String(data, start, length, StandardCharsets.UTF_8);
      entry = new Entry(Arrays.copyOfRange(data, start, end), name);
      ENTRIES[slot] = entry;
    }
    return entry.name;
  }

  private TableNames() {}
}
