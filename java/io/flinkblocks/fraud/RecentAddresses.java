package io.flinkblocks.fraud;

import io.flinkblocks.event.Compact;
import io.flinkblocks.event.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * From which addresses a user bought lately; purchases come in their order.
 *
 * <p>Kept is each address once, with the time of its last purchase. An address is any text of any
 * length; of a very long one its SHA-256 stands for it, so that nobody fills the state with it.
 * Most users have one address at a time, so the latest has no map to look up.
 */
final class RecentAddresses {
  /** An IPv6 address with zone and port has less. */
  private static final int LONG = 64;

  /** No byte of UTF-8: what follows is a digest, and no address reads like it. */
  private static final byte DIGEST = -1;

  private static final int SMALL = 4;

  /**
   * What one of the longest kept takes: its bytes, their buffer, its time, its place in the map.
   */
  private static final long ADDRESS_BYTES = 250;

  /** The one of the latest purchase; null when there is none at all. */
  private byte[] latest;

  private long latestTime;

  // The others, that which was not seen for the longest time first; null when there are none.
  private LinkedHashMap<ByteBuffer, Long> others;

  /** How many different ones there are. */
  int count() {
    return (latest == null ? 0 : 1) + (others == null ? 0 : others.size());
  }

  /** Adds that of a purchase which is not before the others, if it has one. */
  void add(Event purchase) {
    int length = purchase.length(Event.IP_ADDRESS);
    if (length < 0) {
      return;
    }
    int start = purchase.start(Event.IP_ADDRESS);
    if (latest != null
        && Arrays.equals(latest, 0, latest.length, purchase.data(), start, start + length)) {
      latestTime = purchase.timestamp();
    } else {
      add(key(purchase.bytes(Event.IP_ADDRESS)), purchase.timestamp());
    }
  }

  private void add(byte[] key, long time) {
    if (latest != null && !Arrays.equals(latest, key)) {
      if (others == null) {
        others = new LinkedHashMap<>(SMALL);
      }
      others.put(ByteBuffer.wrap(latest), latestTime);
      others.remove(ByteBuffer.wrap(key));
    }
    latest = key;
    latestTime = time;
  }

  private static byte[] key(byte[] address) {
    if (address.length <= LONG) {
      return address;
    }
    byte[] digest = Sha256.start().digest(address);
    return ByteBuffer.allocate(1 + digest.length).put(DIGEST).put(digest).array();
  }

  /** Forgets those without a purchase after a time. */
  void dropUpTo(long time) {
    if (latestTime <= time) {
      latest = null;
      others = null;
    }
    if (others == null) {
      return;
    }
    Iterator<Long> times = others.values().iterator();
    while (times.hasNext() && times.next() <= time) {
      times.remove();
    }
    if (others.isEmpty()) {
      others = null;
    }
  }

  /** Roughly how much memory they take, in bytes. */
  long footprint() {
    return count() * ADDRESS_BYTES;
  }

  RecentAddresses copy() {
    RecentAddresses copy = new RecentAddresses();
    // Neither the buffers nor any bytes are ever changed.
    copy.latest = latest;
    copy.latestTime = latestTime;
    copy.others = others == null ? null : new LinkedHashMap<>(others);
    return copy;
  }

  /**
   * Writes how many there are, and of each its bytes and how far it is before a time.
   *
   * @param last not before any of them
   */
  void write(long last, DataOutputView out) throws IOException {
    Compact.writeNumber(count(), out);
    if (others != null) {
      for (Map.Entry<ByteBuffer, Long> address : others.entrySet()) {
        Compact.writeBytes(address.getKey().array(), out);
        Compact.writeNumber(last - address.getValue(), out);
      }
    }
    if (latest != null) {
      Compact.writeBytes(latest, out);
      Compact.writeNumber(last - latestTime, out);
    }
  }

  /** Reads what {@link #write} wrote. */
  static RecentAddresses read(long last, DataInputView in) throws IOException {
    RecentAddresses read = new RecentAddresses();
    for (int left = Compact.readInt(in); left > 0; left--) {
      byte[] key = Compact.readBytes(in);
      read.add(key, last - Compact.readNumber(in));
    }
    return read;
  }
}
