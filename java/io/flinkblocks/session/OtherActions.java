package io.flinkblocks.session;

import io.flinkblocks.event.Compact;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.ObjLongConsumer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** How often which action without a meaning was taken, of the first few such actions. */
final class OtherActions {
  /** So many are searched one after the other, and written anew with every event. */
  static final int MAX = 16;

  private byte[][] names;
  private long[] counts;

  OtherActions() {
    this(new byte[0][], new long[0]);
  }

  private OtherActions(byte[][] names, long[] counts) {
    this.names = names;
    this.counts = counts;
  }

  /**
   * Adds to the count of an action.
   *
   * @param mayBeNew false when it is not to be counted here unless it already is
   * @return whether it is counted here
   */
  boolean add(byte[] data, int start, int length, long count, boolean mayBeNew) {
    int size = names.length;
    for (int i = 0; i < size; i++) {
      if (Arrays.equals(names[i], 0, names[i].length, data, start, start + length)) {
        counts[i] += count;
        return true;
      }
    }
    if (!mayBeNew || size == MAX) {
      return false;
    }
    names = Arrays.copyOf(names, size + 1);
    counts = Arrays.copyOf(counts, size + 1);
    names[size] = Arrays.copyOfRange(data, start, start + length);
    counts[size] = count;
    return true;
  }

  /** Shows every action, as UTF-8 that is not to be changed, and its count; in no order. */
  void forEach(ObjLongConsumer<byte[]> action) {
    for (int i = 0; i < names.length; i++) {
      action.accept(names[i], counts[i]);
    }
  }

  boolean isEmpty() {
    return names.length == 0;
  }

  /** An independent copy. */
  OtherActions copy() {
    return new OtherActions(names, counts.clone()); // Names are never changed, but replaced.
  }

  void write(DataOutputView out) throws IOException {
    Compact.writeNumber(names.length, out);
    for (int i = 0; i < names.length; i++) {
      Compact.writeBytes(names[i], out);
      Compact.writeNumber(counts[i], out);
    }
  }

  static OtherActions read(DataInputView in) throws IOException {
    byte[][] names = new byte[Compact.readInt(in)][];
    long[] counts = new long[names.length];
    for (int i = 0; i < names.length; i++) {
      names[i] = Compact.readBytes(in);
      counts[i] = Compact.readNumber(in);
    }
    return new OtherActions(names, counts);
  }
}
