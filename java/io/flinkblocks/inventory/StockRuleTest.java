package io.flinkblocks.inventory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.flinkblocks.cdc.Cause;
import io.flinkblocks.cdc.Change;
import io.flinkblocks.cdc.Mark;
import io.flinkblocks.cdc.Op;
import io.flinkblocks.cdc.Row;
import io.flinkblocks.output.JsonWriter;
import io.flinkblocks.output.OutputRecord;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StockRuleTest {
  /** A product's stock over time: each crossing is told once, and nothing in between. */
  @Property
  void eachCrossingIsToldOnce(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(min = -2, max = 8) Integer> stocks,
      @ForAll @IntRange(min = -1, max = 6) int reorderLevel) {
    List<String> expected = new ArrayList<>();
    List<String> alerts = new ArrayList<>();
    String state = "restocked";
    Row before = null;
    for (int stock : stocks) {
      String next = stock < 1 ? "out" : stock > reorderLevel ? "restocked" : "low";
      if (!next.equals(state)) {
        expected.add(next);
      }
      state = next;
      Row after = product(stock, reorderLevel);
      Op op = before == null ? Op.CREATE : Op.UPDATE;
      String alert = StockRule.alert(change(op, before, after));
      if (alert != null) {
        alerts.add(alert);
      }
      before = after;
    }
    assertEquals(expected, alerts);
  }

  @Test
  void aNewReorderLevelCrossesToo() {
    assertEquals("low", StockRule.alert(change(Op.UPDATE, product(5, 4), product(5, 5))));
    assertEquals("restocked", StockRule.alert(change(Op.UPDATE, product(5, 5), product(5, 4))));
    assertNull(StockRule.alert(change(Op.UPDATE, product(0, 5), product(0, -5))));
  }

  @Test
  void snapshotsDeletesAndOtherTablesSetOffNothing() {
    Row good = product(9, 1);
    Row out = product(0, 1);
    assertNull(StockRule.alert(change("products", Op.READ, Cause.SNAPSHOT, null, out)));
    assertNull(StockRule.alert(change("products", Op.CREATE, Cause.SNAPSHOT, null, out)));
    assertNull(StockRule.alert(change("products", Op.UPDATE, Cause.SNAPSHOT, good, out)));
    assertNull(StockRule.alert(change("products", Op.DELETE, Cause.STREAM, out, null)));
    assertNull(StockRule.alert(change("products", Op.DELETE, Cause.TRUNCATION, out, null)));
    assertNull(StockRule.alert(change("products", Op.TRUNCATE, Cause.STREAM, null, null)));
    assertNull(StockRule.alert(change("orders", Op.UPDATE, Cause.STREAM, good, out)));
  }

  @Test
  void whatCannotBeToldIsNotTold() {
    Row out = product(0, 1);
    assertNull(StockRule.alert(change(Op.UPDATE, null, out)));
    assertNull(StockRule.alert(change(Op.UPDATE, row("{\"id\":7}"), out)));
    assertNull(StockRule.alert(change(Op.CREATE, null, row("{\"id\":7,\"stock\":0}"))));
    assertNull(
        StockRule.alert(
            change(Op.CREATE, null, row("{\"id\":7,\"stock\":null,\"reorder_level\":1}"))));
  }

  @Test
  void theRecordHasTheContractsFieldsInTheirOrder() {
    Row product =
        row(
            "{\"id\":7,\"sku\":\"\u00fc\\\"\",\"name\":\"n\",\"category\":\"a'; DROP--\","
                + "\"price\":1.00,\"stock\":3,\"reorder_level\":5}");
    assertRecord(
        "{\"type\":\"stock\",\"alert\":\"low\",\"product_id\":7,\"sku\":\"\u00fc\\\"\","
            + "\"category\":\"a'; DROP--\",\"stock\":3,\"reorder_level\":5,\"time\":1234,"
            + "\"lsn\":\"0/1F\"}",
        change(Op.CREATE, null, product));
    assertRecord(
        "{\"type\":\"stock\",\"alert\":\"low\",\"product_id\":7,\"sku\":null,\"category\":null,"
            + "\"stock\":3,\"reorder_level\":5,\"time\":1234,\"lsn\":\"0/1F\"}",
        change(Op.CREATE, null, row("{\"id\":7,\"sku\":null,\"stock\":3,\"reorder_level\":5}")));
  }

  private static void assertRecord(String value, Change change) {
    OutputRecord record = StockRule.record(StockRule.alert(change), change, new JsonWriter());
    assertEquals("inventory-alerts", record.output());
    assertEquals("7", new String(record.key(), UTF_8));
    assertEquals(value, new String(record.value(), UTF_8));
  }

  private static Change change(Op op, Row before, Row after) {
    return change("products", op, Cause.STREAM, before, after);
  }

  private static Change change(String table, Op op, Cause cause, Row before, Row after) {
    byte[] key = "{\"id\":7}".getBytes(UTF_8);
    return new Change(table, op, cause, Mark.NONE, key, before, after, 31, 1, 1_234);
  }

  private static Row product(int stock, int reorderLevel) {
    return row("{\"id\":7,\"stock\":%d,\"reorder_level\":%d}".formatted(stock, reorderLevel));
  }

  private static Row row(String json) {
    return Row.of(json.getBytes(UTF_8));
  }
}
