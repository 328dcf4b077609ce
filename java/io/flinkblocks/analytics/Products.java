package io.flinkblocks.analytics;

import io.flinkblocks.cdc.Change;
import io.flinkblocks.config.Settings;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * The rows of product_analytics: of each product the category and stock, and units and amount of
 * the orders that are not cancelled.
 *
 * <p>Orders and rows may come in any order, as those of {@link Customers}.
 */
public final class Products {
  /**
   * Adds them to a job.
   *
   * @param rows all changes of the tables products and orders since the first, each once, and each
   *     with the row as the change before left it; other tables do not matter
   * @param settings none are needed
   * @return a row whenever it changes
   */
  public static DataStream<Upsert> apply(DataStream<Change> rows, Settings settings) {
    return Views.apply(View.PRODUCTS, rows);
  }

  private Products() {}
}
