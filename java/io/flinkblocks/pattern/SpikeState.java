package io.flinkblocks.pattern;

import io.flinkblocks.event.Compact;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** How many events a category had in its latest minute with any, and in the five before that. */
final class SpikeState {
  /** How many minutes a minute is compared with. */
  static final int BEFORE = 5;

  /** What it takes in memory, roughly. */
  static final long BYTES = 104;

  /** The number of the latest minute with an event. */
  long minute;

  /** Its events; 0 when nothing is known of the category. */
  long count;

  /** Whether the minute is not over. */
  boolean open;

  /** The minute of the first event since the category is known. */
  private long first;

  /** The events of the minutes before, the latest last. */
  private final long[] before = new long[BEFORE];

  /** Adds an event of the latest minute or a later one. */
  void add(long eventMinute) {
    if (count == 0) {
      first = eventMinute;
      minute = eventMinute;
    }
    // At most five times: more, and the category would have been forgotten.
    for (; minute < eventMinute; minute++) {
      System.arraycopy(before, 1, before, 0, BEFORE - 1);
      before[BEFORE - 1] = count;
      count = 0;
    }
    count++;
    open = true;
  }

  /** Whether all of the minutes before came after the category became known. */
  boolean isOldEnough() {
    return minute >= first + BEFORE;
  }

  /** The events of the five minutes before. */
  long sumBefore() {
    long sum = 0;
    for (long number : before) {
      sum += number;
    }
    return sum;
  }

  /** Forgets the category. */
  void clear() {
    count = 0;
    Arrays.fill(before, 0);
  }

  SpikeState copy() {
    SpikeState copy = new SpikeState();
    copy.minute = minute;
    copy.count = count;
    copy.open = open;
    copy.first = first;
    System.arraycopy(before, 0, copy.before, 0, BEFORE);
    return copy;
  }

  /**
   * Writes the number of the minute, of its events, whether it is open, how many minutes the first
   * one is before it, and the events of those in between, the latest last.
   */
  void write(DataOutputView out) throws IOException {
    Compact.writeNumber(minute, out);
    Compact.writeNumber(count, out);
    out.writeBoolean(open);
    Compact.writeNumber(minute - first, out);
    for (long number : before) {
      Compact.writeNumber(number, out);
    }
  }

  /** Reads what {@link #write} wrote. */
  static SpikeState read(DataInputView in) throws IOException {
    SpikeState read = new SpikeState();
    read.minute = Compact.readNumber(in);
    read.count = Compact.readNumber(in);
    read.open = in.readBoolean();
    read.first = read.minute - Compact.readNumber(in);
    for (int i = 0; i < BEFORE; i++) {
      read.before[i] = Compact.readNumber(in);
    }
    return read;
  }
}
