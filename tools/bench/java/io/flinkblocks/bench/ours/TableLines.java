package io.flinkblocks.bench.ours;

import io.flinkblocks.analytics.Upsert;
import io.flinkblocks.output.Amount;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Rows of the analytics tables as changes: {@code op}, and the row {@code before} or after. */
final class TableLines {
  static final String CUSTOMERS = "customer-analytics";
  static final String PRODUCTS = "product-analytics";

  private TableLines() {}

  static OutputRecord customer(Upsert row) {
    JsonWriter json = begin(row, "user_id");
    if (!row.deleted()) {
      json.field("tier", row.label()).field("order_count", row.count());
      json.amount("total_amount", row.total());
      amountOrNull(json, "average_amount", row.average());
      json.field("last_order_at", row.latestOrNull() == null ? null : time(row.latestOrNull()));
    }
    return OutputRecord.of(CUSTOMERS, null, json.close().end());
  }

  static OutputRecord product(Upsert row) {
    JsonWriter json = begin(row, "product_id");
    if (!row.deleted()) {
      json.field("category", row.label()).field("units", row.count());
      json.amount("revenue", row.total()).field("stock", row.stock());
    }
    return OutputRecord.of(PRODUCTS, null, json.close().end());
  }

  private static JsonWriter begin(Upsert row, String key) {
    JsonWriter json = new JsonWriter().begin().field("op", row.deleted() ? "d" : "u");
    return json.open(row.deleted() ? "before" : "after").field(key, row.id());
  }

  private static void amountOrNull(JsonWriter json, String name, Amount amount) {
    if (amount == null) {
      json.nullField(name);
    } else {
      json.amount(name, amount);
    }
  }

  /** Without zeros at the end of the fraction, as SQL writes it. */
  private static String time(long micros) {
    String text = Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    return text.contains(".") ? text.replaceFirst("\\.?0*Z$", "Z") : text;
  }
}
