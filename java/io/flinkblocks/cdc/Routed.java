package io.flinkblocks.cdc;

import io.flinkblocks.event.CompactType;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * A change on its way to what is known of the rows: to its own row, or, as it concerns all rows of
 * the table, a copy for each key group.
 *
 * <p>Every subtask has some key groups and acts on the copy for the first of them. So each is
 * reached, whatever their number is: it may differ from one start to the next, and whoever makes
 * the copies does not know it. A checkpoint comes before all copies or behind them, as long as
 * checkpoints are aligned.
 *
 * @param group the copy's key group; {@link #ROW} when the change goes to its row
 */
record Routed(Change change, int group) {
  static final int ROW = -1;

  /** How Flink moves routed changes. */
  static final TypeInformation<Routed> TYPE =
      new CompactType<>(Routed.class, RoutedSerializer.INSTANCE);

  /** A change for its own row. */
  static Routed toRow(Change change) {
    return new Routed(change, ROW);
  }

  boolean isCopy() {
    return group != ROW;
  }

  /** What leads each routed change to its place. */
  static final class Route implements KeySelector<Routed, RowKey> {
    private static final long serialVersionUID = 1;

    private final int groups;
    private transient RowKey[] places;

    /**
     * @param groups the number of key groups
     */
    Route(int groups) {
      this.groups = groups;
    }

    @Override
    public RowKey getKey(Routed routed) {
      if (!routed.isCopy()) {
        return new RowKey(routed.change().table(), routed.change().key());
      }
      if (places == null) {
        places = places(groups);
      }
      return places[routed.group()];
    }

    /** A key of no row for each key group. */
    private static RowKey[] places(int groups) {
      RowKey[] places = new RowKey[groups];
      int found = 0;
      for (int i = 0; found < groups; i++) {
        RowKey key = new RowKey("", Integer.toString(i).getBytes(StandardCharsets.US_ASCII));
        int group = KeyGroupRangeAssignment.assignToKeyGroup(key, groups);
        if (places[group] == null) {
          places[group] = key;
          found++;
        }
      }
      return places;
    }
  }
}
