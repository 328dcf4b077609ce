package io.flinkblocks.measures;

import io.flinkblocks.window.ByteStringIndex;
import io.flinkblocks.window.ByteStringSet;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * How many different users several sets have, of which any can be taken away again: each user is
 * counted by the sets that have it.
 *
 * <p>Users have numbers, and a set is remembered by the numbers of its users: taking it away needs
 * no search. Users whom no set has any more keep their numbers until they are most of all; then all
 * get new ones.
 */
final class CountedUsers {
  /** So few are not worth the work. */
  private static final int FEW = 64;

  private ByteStringIndex numbers = new ByteStringIndex();

  /** By number: how many sets have the user. */
  private int[] counts = new int[8];

  /** Users whom at least one set has. */
  private int size;

  /** The sum of the counts. */
  private long held;

  /** How many different users there are. */
  int size() {
    return size;
  }

  /**
   * Adds a set.
   *
   * @return what to {@link #remove} it with
   */
  int[] add(ByteStringSet users) {
    int[] added = new int[users.size()];
    int[] next = {0};
    users.forEach(
        (data, start, length) -> {
          int number = numbers.number(data, start, length);
          if (number == counts.length) {
            counts = Arrays.copyOf(counts, 2 * number);
          }
          if (counts[number]++ == 0) {
            size++;
          }
          added[next[0]++] = number;
        });
    held += added.length;
    return added;
  }

  /** Takes away a set. */
  void remove(int[] added) {
    for (int number : added) {
      if (--counts[number] == 0) {
        size--;
      }
    }
    held -= added.length;
  }

  /**
   * Whether {@link #tidy} is due: so seldom that its work, which is one step for all that the sets
   * hold, is little beside that of the sets that were taken away meanwhile.
   */
  boolean areMostlyGone() {
    return numbers.size() - size > FEW + Math.max(size, held / 4);
  }

  /**
   * Gives new numbers to the users that there are.
   *
   * @param sets what {@link #add} returned for all sets that were not removed; changed in place
   */
  void tidy(Stream<int[]> sets) {
    ByteStringIndex old = numbers;
    int[] oldCounts = counts;
    int[] moved = new int[old.size()];
    numbers = new ByteStringIndex();
    counts = new int[Math.max(8, size)];
    for (int number = 0; number < moved.length; number++) {
      if (oldCounts[number] > 0) {
        moved[number] = numbers.number(old, number);
        counts[moved[number]] = oldCounts[number];
      }
    }
    sets.forEach(set -> Arrays.setAll(set, i -> moved[set[i]]));
  }

  /** Roughly how much memory this takes, the remembered sets among it, in bytes. */
  long footprint() {
    return 80 + numbers.footprint() + Integer.BYTES * (counts.length + held);
  }
}
