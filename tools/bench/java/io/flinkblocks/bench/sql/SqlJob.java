package io.flinkblocks.bench.sql;

import io.flinkblocks.bench.Arm;
import io.flinkblocks.bench.Run;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/**
 * The same result by Flink SQL: the filesystem connector and the JSON format on both ends, window
 * table-valued functions between.
 *
 * <p>Stock: all columns of an event are declared, and Flink's defaults hold. Tuned: only the
 * columns that the query reads are declared, and object reuse is on.
 *
 * <p>What SQL does not do: an event that is not valid JSON ends the job, one out of range counts;
 * late events are dropped without a trace; there is no accounting. Amounts are decimals with 6
 * digits behind the point, written with all six.
 */
public final class SqlJob implements Arm {
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

  /** The columns that each workload's query reads. */
  private static final Map<String, List<String>> READ =
      Map.of(
          "revenue", List.of("user_id", "category", "action", "price", "quantity"),
          "popularity", List.of("user_id", "product_id", "category", "action"),
          "sessions", List.of("user_id", "product_id", "action", "price", "quantity"),
          "tumbling", List.of("user_id", "category", "action", "price", "quantity"),
          "sliding", List.of("user_id", "category", "action", "price", "quantity"),
          "session", List.of("user_id", "product_id", "action", "price", "quantity"));

  /** The durations that a query may name. */
  private static final List<String> DURATIONS =
      List.of("tumbling-minutes", "sliding-minutes", "slide-minutes", "session-timeout");

  private static final long SECOND_MS = 1000;
  private static final long MINUTE_MS = 60 * SECOND_MS;

  private final boolean tuned;

  private SqlJob(boolean tuned) {
    this.tuned = tuned;
  }

  /** As it comes. */
  public static SqlJob stock() {
    return new SqlJob(false);
  }

  /** With object reuse and projection. */
  public static SqlJob tuned() {
    return new SqlJob(true);
  }

  @Override
  public void run(Run run) throws Exception {
    TableEnvironment env =
        TableEnvironment.create(
            EnvironmentSettings.newInstance()
                .inStreamingMode()
                .withConfiguration(conf(run))
                .build());
    env.executeSql(events(run));
    String[] statements = statements(run);
    for (int i = 0; i < statements.length - 1; i++) {
      env.executeSql(statements[i]);
    }
    env.executeSql(statements[statements.length - 1]).await();
  }

  private Configuration conf(Run run) {
    Configuration conf = new Configuration();
    conf.set(CoreOptions.DEFAULT_PARALLELISM, 1);
    run.state().configure(conf, run.checkpoints());
    conf.setString("table.local-time-zone", "UTC");
    if (tuned) {
      conf.set(PipelineOptions.OBJECT_REUSE, true);
    }
    return conf;
  }

  private String events(Run run) {
    Set<String> declared = new TreeSet<>(tuned ? READ.get(workload(run)) : COLUMNS.keySet());
    declared.add("timestamp");
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

  private static String workload(Run run) {
    return String.join("+", run.analyses());
  }

  /** The sink and the query of a workload. */
  private static String[] statements(Run run) throws IOException {
    String resource = workload(run) + ".sql";
    try (InputStream in = SqlJob.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("SQL does not say " + workload(run));
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return withDurations(text, run)
          .replace("${output}", run.output().toUri().toString().replaceAll("/$", ""))
          .split(";\\s*\n");
    }
  }

  private static String withDurations(String text, Run run) {
    String filled = text;
    for (String flag : DURATIONS) {
      String variable = "${" + flag + "}";
      if (filled.contains(variable)) {
        filled = filled.replace(variable, interval(run.settings().millis(flag)));
      }
    }
    return filled;
  }

  /** A duration as a query has it; of whole minutes or seconds, and up to 99 of them. */
  private static String interval(long millis) {
    return millis % MINUTE_MS == 0
        ? "'" + millis / MINUTE_MS + "' MINUTE"
        : "'" + millis / SECOND_MS + "' SECOND";
  }
}
