package io.flinkblocks.cdc;

import java.util.Map;
import java.util.Set;

/** What a column holds; each may be null, too. */
enum ColumnType {
  /** Any JSON, which stays as it is. */
  ANY,
  INTEGER,
  TEXT,
  /** Money; a plain number with two decimals at least. */
  AMOUNT,
  /** A text in UTC. */
  TIMESTAMP;

  private static final Set<String> TABLES = Set.of("users", "products", "orders");

  private static final Map<String, ColumnType> COLUMNS =
      Map.ofEntries(
          Map.entry("id", INTEGER),
          Map.entry("user_id", INTEGER),
          Map.entry("product_id", INTEGER),
          Map.entry("quantity", INTEGER),
          Map.entry("stock", INTEGER),
          Map.entry("reorder_level", INTEGER),
          Map.entry("email", TEXT),
          Map.entry("name", TEXT),
          Map.entry("tier", TEXT),
          Map.entry("status", TEXT),
          Map.entry("sku", TEXT),
          Map.entry("category", TEXT),
          Map.entry("price", AMOUNT),
          Map.entry("amount", AMOUNT),
          Map.entry("created_at", TIMESTAMP),
          Map.entry("updated_at", TIMESTAMP));

  /** The type of a column of the shop's tables; of other tables nothing is known. */
  static ColumnType of(String table, String column) {
    return TABLES.contains(table) ? COLUMNS.getOrDefault(column, ANY) : ANY;
  }
}
