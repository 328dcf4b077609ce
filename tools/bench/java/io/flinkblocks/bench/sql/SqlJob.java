package io.flinkblocks.bench.sql;

import io.flinkblocks.bench.Arm;
import io.flinkblocks.bench.Run;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;

/**
 * The same result by Flink SQL: the filesystem connector on both ends, with the JSON format and
 * window table-valued functions between for events, with the Debezium format and joins of
 * aggregates for changes of tables.
 *
 * <p>Stock: all columns are declared, and Flink's defaults hold. Tuned: only the columns that the
 * query reads are declared, and object reuse is on. Without doubles: stock, and a change that comes
 * twice, as Debezium may repeat its last ones after a restart, counts once. With mini-batches:
 * that, and aggregates and joins look at 5,000 rows or 200 ms of them at once.
 *
 * <p>What SQL does not do: a record that is not valid JSON ends the job, one out of range counts;
 * late events are dropped without a trace; there is no accounting. Amounts of events are decimals
 * with 6 digits behind the point, written with all six.
 */
public final class SqlJob implements Arm {
  private enum Tuning {
    STOCK,
    WITHOUT_DOUBLES,
    TUNED,
    MINI_BATCH
  }

  /** The durations that a query may name. */
  private static final List<String> DURATIONS =
      List.of("tumbling-minutes", "sliding-minutes", "slide-minutes", "session-timeout");

  /** Where the rows of an output go, when it is a table that changes. */
  private static final Pattern SINK = Pattern.compile("\\$\\{sink:([a-z-]+)}");

  private static final long SECOND_MS = 1000;
  private static final long MINUTE_MS = 60 * SECOND_MS;

  private final Tuning tuning;

  private SqlJob(Tuning tuning) {
    this.tuning = tuning;
  }

  /** As it comes. */
  public static SqlJob stock() {
    return new SqlJob(Tuning.STOCK);
  }

  /** As it comes, but that no change counts twice. */
  public static SqlJob withoutDoubles() {
    return new SqlJob(Tuning.WITHOUT_DOUBLES);
  }

  /** With object reuse and projection. */
  public static SqlJob tuned() {
    return new SqlJob(Tuning.TUNED);
  }

  /** With object reuse, projection and mini-batches. */
  public static SqlJob miniBatch() {
    return new SqlJob(Tuning.MINI_BATCH);
  }

  @Override
  public void run(Run run) throws Exception {
    TableEnvironment env =
        TableEnvironment.create(
            EnvironmentSettings.newInstance()
                .inStreamingMode()
                .withConfiguration(conf(run))
                .build());
    boolean projected = isTuned();
    List<String> tables =
        run.readsChanges()
            ? ChangeTables.create(run, projected)
            : List.of(EventTable.create(run, projected));
    tables.forEach(env::executeSql);
    StatementSet inserts = env.createStatementSet();
    for (String analysis : run.analyses()) {
      for (String statement : statements(analysis, run)) {
        if (statement.startsWith("INSERT")) {
          inserts.addInsertSql(statement);
        } else {
          env.executeSql(statement);
        }
      }
    }
    inserts.execute().await();
  }

  private boolean isTuned() {
    return tuning == Tuning.TUNED || tuning == Tuning.MINI_BATCH;
  }

  private Configuration conf(Run run) {
    Configuration conf = new Configuration();
    conf.set(CoreOptions.DEFAULT_PARALLELISM, 1);
    run.state().configure(conf, run.checkpoints());
    conf.setString("table.local-time-zone", "UTC");
    if (isTuned()) {
      conf.set(PipelineOptions.OBJECT_REUSE, true);
    }
    if (tuning == Tuning.WITHOUT_DOUBLES) {
      conf.setString("table.exec.source.cdc-events-duplicate", "true");
    }
    if (tuning == Tuning.MINI_BATCH) {
      conf.setString("table.exec.mini-batch.enabled", "true");
      conf.setString("table.exec.mini-batch.allow-latency", "200 ms");
      conf.setString("table.exec.mini-batch.size", "5000");
    }
    return conf;
  }

  /** The sink and the query of an analysis. */
  private static String[] statements(String analysis, Run run) throws IOException {
    try (InputStream in = SqlJob.class.getResourceAsStream(analysis + ".sql")) {
      if (in == null) {
        throw new IllegalArgumentException("SQL does not say " + analysis);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return withSinks(withDurations(text, run), run)
          .replace("${output}", output(run))
          .split(";\\s*\n\\s*");
    }
  }

  private static String output(Run run) {
    return run.output().toUri().toString().replaceAll("/$", "");
  }

  private static String withSinks(String text, Run run) {
    return SINK.matcher(text)
        .replaceAll(sink -> Matcher.quoteReplacement(sink(sink.group(1), run)));
  }

  /** A changelog in files, each change with what was there before; or nowhere. */
  private static String sink(String output, Run run) {
    if (!run.writes()) {
      return "'connector' = 'blackhole'";
    }
    return """
    'connector' = 'filesystem',
      'path' = '${output}/%s',
      'format' = 'debezium-json',
      'debezium-json.encode.decimal-as-plain-number' = 'true',
      'debezium-json.timestamp-format.standard' = 'ISO-8601'\
    """
        .formatted(output);
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
