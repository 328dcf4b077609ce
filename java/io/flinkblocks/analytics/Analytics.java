package io.flinkblocks.analytics;

import io.flinkblocks.config.Settings;
import org.apache.flink.connector.jdbc.JdbcExecutionOptions;
import org.apache.flink.connector.jdbc.core.datastream.sink.JdbcSink;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * Writes the rows of {@link Customers} and {@link Products} to the analytics database, PostgreSQL
 * 15 or newer with the tables of sql/cdc/analytics_schema.sql.
 *
 * <p>Each batch of rows is one statement that inserts, updates and deletes. After a failure rows
 * may be written again, and a table then is older than it was for a moment; it ends up the same.
 */
public final class Analytics {
  /** Tries after the first that fails, with 0, 1 and 2 seconds between them. */
  private static final int RETRIES = 3;

  /**
   * Adds both sinks to a job, with the uids {@code customer-analytics} and {@code
   * product-analytics}.
   *
   * @param settings {@code analytics-jdbc-url}, {@code analytics-postgres-user}, {@code
   *     analytics-postgres-password-file} or {@code -env}, {@code write-interval}, {@code app-name}
   */
  public static void write(
      DataStream<Upsert> customers, DataStream<Upsert> products, Settings settings) {
    write(View.CUSTOMERS, customers, settings);
    write(View.PRODUCTS, products, settings);
  }

  private static void write(View view, DataStream<Upsert> upserts, Settings settings) {
    String coalesce = view.output + "-coalesce";
    // The parallelism of the rows: a row's changes must not overtake each other.
    upserts
        .transform(
            coalesce, Batch.TYPE, new Coalesce(view.output, settings.millis("write-interval")))
        .setParallelism(upserts.getParallelism())
        .uid(coalesce)
        .sinkTo(sink(view, settings))
        .setParallelism(upserts.getParallelism())
        .name(view.output)
        .uid(view.output);
  }

  static UpsertSink sink(View view, Settings settings) {
    AnalyticsConnection connection =
        new AnalyticsConnection(settings, AnalyticsConnection.PATIENCE);
    JdbcSink<Batch> sink =
        JdbcSink.<Batch>builder()
            .withQueryStatement(new UpsertStatement(view))
            .withExecutionOptions(
                JdbcExecutionOptions.builder().withBatchSize(1).withMaxRetries(RETRIES).build())
            .buildAtLeastOnce(connection);
    return new UpsertSink(view.target, connection, sink);
  }

  private Analytics() {}
}
