package io.flinkblocks.window;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * The hash of byte strings, keyed with random numbers of this JVM, so that ids cannot be made up to
 * collide. It means nothing in another JVM: never stored.
 */
final class ByteHash {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long SEED = new SecureRandom().nextLong();
  private static final long MULTIPLIER = new SecureRandom().nextLong() | 1;

  /** The hash of a slice. */
  static int of(byte[] data, int start, int length) {
    long hash = SEED ^ length;
    int at = start;
    int end = start + length;
    for (; at + 8 <= end; at += 8) {
      hash = mix(hash ^ (long) LONG.get(data, at));
    }
    // The remaining 0 to 7 bytes, without a loop: overlapping reads cover them all.
    int rest = end - at;
    if (rest >= 4) {
      hash ^= (int) INT.get(data, at) & 0xffffffffL | (long) (int) INT.get(data, end - 4) << 32;
    } else if (rest > 0) {
      hash ^= data[at] & 0xff | (data[at + rest / 2] & 0xff) << 8 | (data[end - 1] & 0xff) << 16;
    }
    return (int) mix(hash);
  }

  /** Both halves of the 128-bit product, folded: every bit of the input moves every bit. */
  private static long mix(long value) {
    return Math.multiplyHigh(value, MULTIPLIER) ^ value * MULTIPLIER;
  }

  private ByteHash() {}
}
