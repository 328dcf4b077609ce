package io.flinkblocks.inventory;

import io.flinkblocks.cdc.Cause;
import io.flinkblocks.cdc.Change;
import io.flinkblocks.cdc.Lsn;
import io.flinkblocks.cdc.Op;
import io.flinkblocks.cdc.Row;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;

/** Which changes take a product's stock to another level, and what is said about them. */
final class StockRule {
  private static final String TABLE = "products";
  private static final String ID = "id";
  private static final String STOCK = "stock";
  private static final String REORDER_LEVEL = "reorder_level";

  /** How much there is; the name of the alert when it comes to that. */
  private enum Level {
    OUT("out"),
    LOW("low"),
    OK("restocked");

    final String alert;

    Level(String alert) {
      this.alert = alert;
    }
  }

  private StockRule() {}

  /** The alert that a change sets off; null for none. A snapshot sets off none. */
  static String alert(Change change) {
    boolean isOne = change.op() == Op.CREATE || change.op() == Op.UPDATE;
    if (!isOne || change.cause() != Cause.STREAM || !change.table().equals(TABLE)) {
      return null;
    }
    Level from = before(change);
    Level to = level(change.after());
    return from == null || to == null || from == to ? null : to.alert;
  }

  /** The level that a change comes from: a new product comes from a good one. */
  private static Level before(Change change) {
    if (change.before() != null) {
      return level(change.before());
    }
    return change.op() == Op.CREATE ? Level.OK : null;
  }

  /** Null when it cannot be told. */
  private static Level level(Row product) {
    if (product.isNull(STOCK) || product.isNull(REORDER_LEVEL)) {
      return null;
    }
    long stock = product.integer(STOCK);
    if (stock <= 0) {
      return Level.OUT;
    }
    return stock <= product.integer(REORDER_LEVEL) ? Level.LOW : Level.OK;
  }

  /** The record of an alert. */
  static OutputRecord record(String alert, Change change, JsonWriter json) {
    Row product = change.after();
    byte[] id = product.has(ID) ? product.value(ID) : change.key();
    json.begin().field("type", "stock").field("alert", alert).json("product_id", id);
    pass("sku", product, json);
    pass("category", product, json);
    byte[] value =
        json.field("stock", product.integer(STOCK))
            .field("reorder_level", product.integer(REORDER_LEVEL))
            .field("time", change.time())
            .field("lsn", Lsn.text(change.lsn()))
            .end();
    return OutputRecord.of(Inventory.OUTPUT, id, value);
  }

  /** A value as it is in the row. */
  private static void pass(String column, Row product, JsonWriter json) {
    byte[] value = product.value(column);
    if (value == null) {
      json.nullField(column);
    } else {
      json.json(column, value);
    }
  }
}
