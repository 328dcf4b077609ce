package io.flinkblocks.fraud;

import io.flinkblocks.event.Compact;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The times of the latest purchases of a user, which come in their order.
 *
 * <p>Kept as a number per millisecond, so that the window bounds the size, however many they are.
 * Most users buy nothing for a while, so the latest millisecond has no array to look up: what an
 * event costs is mostly memory that is not in a cache.
 */
final class RecentTimes {
  private static final long[] NOTHING = {};
  private static final int SMALL = 4;

  private long latest;
  private long latestNumber;

  // The milliseconds before that one in [first, end), ascending.
  private long[] times = NOTHING;
  private long[] numbers = NOTHING;
  private int first;
  private int end;
  private long total;

  /** How many there are. */
  long count() {
    return total;
  }

  /** Adds one that is not before the others. */
  void add(long time) {
    add(time, 1);
  }

  private void add(long time, long number) {
    if (latestNumber > 0 && latest != time) {
      addEarlier(latest, latestNumber);
      latestNumber = 0;
    }
    latest = time;
    latestNumber += number;
    total += number;
  }

  private void addEarlier(long time, long number) {
    if (end == times.length) {
      // Moves the entries to the front of arrays that are half empty then.
      int size = end - first;
      int capacity = Math.max(SMALL, 2 * size);
      times = Arrays.copyOfRange(times, first, first + capacity);
      numbers = Arrays.copyOfRange(numbers, first, first + capacity);
      first = 0;
      end = size;
    }
    times[end] = time;
    numbers[end] = number;
    end++;
  }

  /** Forgets those at or before a time. */
  void dropUpTo(long time) {
    if (latest <= time) {
      latestNumber = 0;
      total = 0;
      times = NOTHING;
      numbers = NOTHING;
      first = 0;
      end = 0;
      return;
    }
    while (first < end && times[first] <= time) {
      total -= numbers[first];
      first++;
    }
  }

  /** How much memory the arrays take, in bytes. */
  long footprint() {
    return 2L * Long.BYTES * times.length;
  }

  RecentTimes copy() {
    RecentTimes copy = new RecentTimes();
    for (int i = first; i < end; i++) {
      copy.add(times[i], numbers[i]);
    }
    if (latestNumber > 0) {
      copy.add(latest, latestNumber);
    }
    return copy;
  }

  /**
   * Writes how many milliseconds there are, and of each how far it is before a time, and the number
   * of its purchases.
   *
   * @param last not before any of them
   */
  void write(long last, DataOutputView out) throws IOException {
    Compact.writeNumber(end - first + (latestNumber > 0 ? 1 : 0), out);
    for (int i = first; i < end; i++) {
      Compact.writeNumber(last - times[i], out);
      Compact.writeNumber(numbers[i], out);
    }
    if (latestNumber > 0) {
      Compact.writeNumber(last - latest, out);
      Compact.writeNumber(latestNumber, out);
    }
  }

  /** Reads what {@link #write} wrote. */
  static RecentTimes read(long last, DataInputView in) throws IOException {
    RecentTimes read = new RecentTimes();
    for (int left = Compact.readInt(in); left > 0; left--) {
      read.add(last - Compact.readNumber(in), Compact.readNumber(in));
    }
    return read;
  }
}
