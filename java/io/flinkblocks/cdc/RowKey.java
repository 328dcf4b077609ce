package io.flinkblocks.cdc;

import io.flinkblocks.event.CompactType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * Which row of which table. In order they are by table, then the shorter key first, then by its
 * bytes: whole numbers that are not below zero come in their own order.
 *
 * @param json the row's key as a JSON object; the array is shared and never written to
 */
record RowKey(String table, byte[] json) implements Comparable<RowKey> {
  /** How Flink moves and keeps keys. */
  static final TypeInformation<RowKey> TYPE =
      new CompactType<>(RowKey.class, RowKeySerializer.INSTANCE);

  @Override
  public int compareTo(RowKey other) {
    int order = table.compareTo(other.table);
    if (order == 0) {
      order = Integer.compare(json.length, other.json.length);
    }
    return order == 0 ? Arrays.compareUnsigned(json, other.json) : order;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowKey that
        && table.equals(that.table)
        && Arrays.equals(json, that.json);
  }

  /** The same in every JVM: it says which subtask has the row. */
  @Override
  public int hashCode() {
    return 31 * table.hashCode() + Arrays.hashCode(json);
  }

  @Override
  public String toString() {
    return table + ":" + new String(json, StandardCharsets.UTF_8);
  }
}
