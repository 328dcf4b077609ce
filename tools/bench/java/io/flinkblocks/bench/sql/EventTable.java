package io.flinkblocks.bench.sql;

import io.flinkblocks.bench.Run;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The table of shop events that the windows' queries read. */
final class EventTable {
  private static final Map<String, String> COLUMNS = new LinkedHashMap<>();

  static {
    for (String name : List.of("event_id", "user_id", "session_id", "product_id")) {
      COLUMNS.put(name, "STRING");
    }
    COLUMNS.put("category", "STRING");
    COLUMNS.put("action", "STRING");
    COLUMNS.put("price", "DECIMAL(18, 6)");
    COLUMNS.put("quantity", "INT");
    COLUMNS.put("timestamp", "BIGINT");
    COLUMNS.put("metadata", "ROW<source STRING, user_agent STRING, ip_address STRING>");
  }

  /** The columns that each analysis reads. */
  private static final Map<String, List<String>> READ =
      Map.of(
          "revenue", List.of("user_id", "category", "action", "price", "quantity"),
          "popularity", List.of("user_id", "product_id", "category", "action"),
          "sessions", List.of("user_id", "product_id", "action", "price", "quantity"),
          "tumbling", List.of("user_id", "category", "action", "price", "quantity"),
          "sliding", List.of("user_id", "category", "action", "price", "quantity"),
          "session", List.of("user_id", "product_id", "action", "price", "quantity"));

  private EventTable() {}

  /**
   * Its statement.
   *
   * @param projected whether only what is read is declared, or all columns
   */
  static String create(Run run, boolean projected) {
    Set<String> declared = new TreeSet<>(List.of("timestamp"));
    if (projected) {
      run.analyses().forEach(analysis -> declared.addAll(READ.get(analysis)));
    } else {
      declared.addAll(COLUMNS.keySet());
    }
    String columns =
        declared.stream()
            .map(name -> "  `" + name + "` " + COLUMNS.get(name))
            .collect(Collectors.joining(",\n"));
    return String.format(
        """
        CREATE TABLE events (
        %s,
          event_time AS TO_TIMESTAMP_LTZ(`timestamp`, 3),
          WATERMARK FOR event_time AS event_time - INTERVAL '5.001' SECOND
        ) WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'json')\
        """,
        columns, run.input().toUri());
  }
}
