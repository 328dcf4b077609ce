package io.flinkblocks.flags;

import java.util.List;
import java.util.Locale;

/** Did you mean ...? The flag that a mistyped name is nearest to. */
final class Nearest {
  private Nearest() {}

  /**
   * The name that was most likely meant; null when none is near.
   *
   * <p>Near is: one change (a letter left out, added, changed, or two swapped) in three letters, at
   * most three; or else being the only name that starts so.
   */
  static String to(String typed, List<String> names) {
    String sought = typed.toLowerCase(Locale.ROOT).replace('_', '-');
    int length = sought.codePointCount(0, sought.length());
    int least = Math.min(3, Math.max(1, length / 3)) + 1;
    String best = null;
    for (String name : names) {
      int distance = distance(sought, name);
      if (distance < least) {
        least = distance;
        best = name;
      }
    }
    if (best != null || sought.isEmpty()) {
      return best;
    }
    List<String> begun = names.stream().filter(name -> name.startsWith(sought)).toList();
    return begun.size() == 1 ? begun.get(0) : null;
  }

  /**
   * How many letters to leave out, add, change or swap with their neighbour to get from one to the
   * other: the optimal string alignment distance.
   */
  static int distance(String from, String to) {
    int[] a = from.codePoints().toArray();
    int[] b = to.codePoints().toArray();
    int[][] cost = new int[a.length + 1][b.length + 1];
    for (int i = 0; i <= a.length; i++) {
      for (int j = 0; j <= b.length; j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int changed = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        cost[i][j] = Math.min(changed, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length][b.length];
  }
}
