package io.flinkblocks.popularity;

import io.flinkblocks.window.ByteStringSet;
import java.util.Arrays;
import java.util.List;

/**
 * The most popular products of a window: by score, then by id in UTF-8 byte order. Products of
 * score 0 are left out.
 *
 * <p>The counts of all products are summed up over the panes; users only of those that made it.
 */
final class Ranking {
  private final ProductCounts counts;

  /** Products by rank, the best first; the first {@code size} of them. */
  private final int[] best;

  private int size;
  private final ByteStringSet[] users;

  /**
   * @param panes at least one; none is changed
   * @param most how many products at most; 1 or more
   */
  Ranking(List<PopularityAccumulator> panes, int most) {
    int[][] numbers = new int[panes.size()][];
    counts = sum(panes, numbers);
    best = new int[Math.min(most, counts.size())];
    for (int product = 0; product < counts.size(); product++) {
      if (counts.score(product) > 0) {
        offer(product);
      }
    }
    users = new ByteStringSet[size];
    ByteStringSet[] usersOf = new ByteStringSet[counts.size()];
    for (int i = 0; i < size; i++) {
      users[i] = new ByteStringSet();
      usersOf[best[i]] = users[i];
    }
    for (int pane = 0; pane < numbers.length; pane++) {
      addUsers(panes.get(pane).users(), numbers[pane], usersOf);
    }
  }

  /** How many products are ranked. */
  int size() {
    return size;
  }

  /** The product of a rank, counted from 0. */
  int product(int rank) {
    return best[rank];
  }

  /** The counts of the whole window. */
  ProductCounts counts() {
    return counts;
  }

  /** How many different users had to do with the product of a rank, counted from 0. */
  long users(int rank) {
    return users[rank].size();
  }

  /**
   * The sum of the panes' counts.
   *
   * @param numbers to be filled: by pane, the numbers that its products have in the sum; null for
   *     the same numbers
   */
  private static ProductCounts sum(List<PopularityAccumulator> panes, int[][] numbers) {
    ProductCounts first = panes.get(0).counts();
    if (panes.size() == 1) {
      return first;
    }
    ProductCounts sum = first.copy(); // Faster than adding to nothing.
    for (int pane = 1; pane < numbers.length; pane++) {
      numbers[pane] = sum.addAll(panes.get(pane).counts());
    }
    return sum;
  }

  /** Puts a product in its place among the best so far. */
  private void offer(int product) {
    if (size == best.length && !isBefore(product, best[size - 1])) {
      return;
    }
    int at = size < best.length ? size++ : size - 1;
    for (; at > 0 && isBefore(product, best[at - 1]); at--) {
      best[at] = best[at - 1];
    }
    best[at] = product;
  }

  private boolean isBefore(int product, int other) {
    int byScore = Long.compare(counts.score(product), counts.score(other));
    return byScore > 0 || byScore == 0 && compareIds(product, other) < 0;
  }

  private int compareIds(int product, int other) {
    byte[] ids = counts.ids();
    return Arrays.compareUnsigned(
        ids,
        counts.idStart(product),
        counts.idEnd(product),
        ids,
        counts.idStart(other),
        counts.idEnd(other));
  }

  /**
   * @param numbers as {@link #sum} has filled them
   * @param usersOf by product's number in the sum; null for those that are not ranked
   */
  private static void addUsers(ProductUsers pane, int[] numbers, ByteStringSet[] usersOf) {
    pane.forEach(
        (product, data, start, length) -> {
          ByteStringSet set = usersOf[numbers == null ? product : numbers[product]];
          if (set != null) {
            set.add(data, start, length);
          }
        });
  }
}
