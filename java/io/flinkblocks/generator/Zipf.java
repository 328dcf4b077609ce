package io.flinkblocks.generator;

import java.util.ArrayDeque;

/**
 * Draws ranks 0 … size-1 with a chance proportional to 1 / (rank + 1)^exponent, in constant time.
 */
final class Zipf {
  // Walker's alias method: each cell is shared by its own rank and one other.
  private final long[] own;
  private final int[] other;

  Zipf(int size, double exponent) {
    own = new long[size];
    other = new int[size];
    double[] share = new double[size];
    double sum = 0;
    for (int rank = 0; rank < size; rank++) {
      // StrictMath: the same table on every machine.
      share[rank] = StrictMath.pow(rank + 1, -exponent);
      sum += share[rank];
    }
    ArrayDeque<Integer> small = new ArrayDeque<>();
    ArrayDeque<Integer> large = new ArrayDeque<>();
    for (int rank = 0; rank < size; rank++) {
      share[rank] *= size / sum;
      (share[rank] < 1 ? small : large).push(rank);
    }
    while (!small.isEmpty() && !large.isEmpty()) {
      int cell = small.pop();
      int giver = large.peek();
      own[cell] = Rng.threshold(share[cell]);
      other[cell] = giver;
      share[giver] -= 1 - share[cell];
      if (share[giver] < 1) {
        small.push(large.pop());
      }
    }
    small.addAll(large);
    for (int cell : small) {
      own[cell] = Rng.threshold(1);
      other[cell] = cell;
    }
  }

  int draw(Rng rng) {
    int cell = rng.below(own.length);
    return rng.chance(own[cell]) ? cell : other[cell];
  }
}
