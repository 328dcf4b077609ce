package io.flinkblocks.generator;

/**
 * SplitMix64: a random sequence that starts anywhere from one number, with integer arithmetic only,
 * so that it is the same on every machine.
 */
final class Rng {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  Rng(long seed) {
    state = seed;
  }

  /** A well-mixed 64-bit number from another one; no two inputs give the same output. */
  static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** A seed from a seed and what it is for. */
  static long derive(long seed, long purpose) {
    return mix(mix(seed + GAMMA) ^ (purpose * GAMMA));
  }

  long next() {
    state += GAMMA;
    return mix(state);
  }

  /** A number in [0, bound). */
  int below(int bound) {
    return (int) (((next() >>> 32) * bound) >>> 32);
  }

  /** True with the probability of {@code threshold} / 2^32. */
  boolean chance(long threshold) {
    return (next() >>> 32) < threshold;
  }

  /** What {@link #chance} takes for a probability from 0 to 1. */
  static long threshold(double probability) {
    return Math.round(probability * 0x1p32);
  }
}
