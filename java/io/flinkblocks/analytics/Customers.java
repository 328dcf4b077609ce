package io.flinkblocks.analytics;

import io.flinkblocks.cdc.Change;
import io.flinkblocks.config.Settings;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * The rows of customer_analytics: of each user the tier, and number, amount and latest of the
 * orders that are not cancelled.
 *
 * <p>An order of an unknown user counts as soon as the user's row comes; the orders of a user whose
 * row goes are kept, should it come again.
 */
public final class Customers {
  /**
   * Adds them to a job.
   *
   * @param rows all changes of the tables users and orders since the first, each once, and each
   *     with the row as the change before left it; other tables do not matter
   * @param settings none are needed
   * @return a row whenever it changes
   */
  public static DataStream<Upsert> apply(DataStream<Change> rows, Settings settings) {
    return Views.apply(View.CUSTOMERS, rows);
  }

  private Customers() {}
}
