package io.flinkblocks.bench.sql;

import io.flinkblocks.bench.Run;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The shop's tables as changelogs: Debezium's envelopes, of each table a file. */
final class ChangeTables {
  private static final String ID = "id";

  /** Columns that are no text. A sum of INT would be an INT, hence BIGINT. */
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("id", "BIGINT"),
          Map.entry("user_id", "BIGINT"),
          Map.entry("product_id", "BIGINT"),
          Map.entry("quantity", "BIGINT"),
          Map.entry("stock", "BIGINT"),
          Map.entry("reorder_level", "BIGINT"),
          Map.entry("price", "DECIMAL(12, 2)"),
          Map.entry("amount", "DECIMAL(12, 2)"),
          Map.entry("created_at", "TIMESTAMP_LTZ(6)"),
          Map.entry("updated_at", "TIMESTAMP_LTZ(6)"));

  /**
   * A table.
   *
   * @param file its name in the input
   * @param columns all of them but the id
   * @param read by analysis those that its query reads
   */
  private record Table(String file, List<String> columns, Map<String, List<String>> read) {}

  private static final Map<String, Table> TABLES =
      Map.of(
          "users",
          new Table(
              "1-users.jsonl",
              List.of("email", "name", "tier", "status", "created_at", "updated_at"),
              Map.of("customers", List.of("tier"))),
          "products",
          new Table(
              "2-products.jsonl",
              List.of("sku", "name", "category", "price", "stock", "reorder_level", "updated_at"),
              Map.of("products", List.of("category", "stock"))),
          "orders",
          new Table(
              "3-orders.jsonl",
              List.of(
                  "user_id",
                  "product_id",
                  "quantity",
                  "amount",
                  "status",
                  "created_at",
                  "updated_at"),
              Map.of(
                  "customers", List.of("user_id", "amount", "status", "created_at"),
                  "products", List.of("product_id", "quantity", "amount", "status"))));

  private ChangeTables() {}

  /**
   * The statements of all tables; one that no query reads costs nothing.
   *
   * @param projected whether only what is read is declared, or all columns
   */
  static List<String> create(Run run, boolean projected) {
    Map<String, String> statements = new LinkedHashMap<>();
    TABLES.forEach((name, table) -> statements.put(name, create(run, name, table, projected)));
    return List.copyOf(statements.values());
  }

  private static String create(Run run, String name, Table table, boolean projected) {
    Set<String> declared = new LinkedHashSet<>(List.of(ID));
    if (projected) {
      run.analyses().forEach(each -> declared.addAll(table.read().getOrDefault(each, List.of())));
    } else {
      declared.addAll(table.columns());
    }
    String columns =
        declared.stream()
            .map(column -> "  " + column + " " + TYPES.getOrDefault(column, "STRING"))
            .collect(Collectors.joining(",\n"));
    return String.format(
        """
        CREATE TABLE %s (
        %s,
          PRIMARY KEY (id) NOT ENFORCED
        ) WITH (
          'connector' = 'filesystem',
          'path' = '%s',
          'format' = 'debezium-json',
          'debezium-json.timestamp-format.standard' = 'ISO-8601'
        )\
        """,
        name, columns, run.input().resolve(table.file()).toUri());
  }
}
