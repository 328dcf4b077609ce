package io.flinkblocks.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkblocks.cdc.Cause;
import io.flinkblocks.cdc.Change;
import io.flinkblocks.cdc.Mark;
import io.flinkblocks.cdc.Op;
import io.flinkblocks.cdc.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeltasTest {
  private static final String ORDER =
      "{\"id\":9,\"user_id\":1,\"product_id\":5,\"quantity\":2,\"amount\":12.50,"
          + "\"status\":\"placed\",\"created_at\":\"1970-01-01T00:00:01.5Z\"}";
  private static final long CREATED = 1_500_000;
  private static final long NEVER = Delta.NEVER;

  @Test
  void anOrderComesAndGoes() {
    assertDeltas(
        List.of(Delta.orders(1, 1, 12_500_000, CREATED, NEVER)),
        List.of(Delta.orders(5, 2, 12_500_000, NEVER, NEVER)),
        change("orders", Op.CREATE, null, ORDER));
    assertDeltas(
        List.of(Delta.orders(1, -1, -12_500_000, NEVER, CREATED)),
        List.of(Delta.orders(5, -2, -12_500_000, NEVER, NEVER)),
        change("orders", Op.DELETE, ORDER, null));
  }

  @Test
  void whatDoesNotChangeTheTablesEndsHere() {
    assertDeltas(
        List.of(), List.of(), change("orders", Op.UPDATE, ORDER, with("placed", "shipped")));
    assertDeltas(List.of(), List.of(), change("orders", Op.READ, ORDER, ORDER));
    assertDeltas(List.of(), List.of(), change("orders", Op.TRUNCATE, null, null));
    assertDeltas(List.of(), List.of(), change("carts", Op.CREATE, null, ORDER));
    assertDeltas(List.of(), List.of(), change("shop.orders", Op.CREATE, null, ORDER));
    String cancelled = with("placed", "cancelled");
    assertDeltas(List.of(), List.of(), change("orders", Op.CREATE, null, cancelled));
    assertDeltas(List.of(), List.of(), change("orders", Op.DELETE, cancelled, null));
  }

  @Test
  void aCancelledOrderLeavesAndMayComeBack() {
    String cancelled = with("placed", "cancelled");
    assertDeltas(
        List.of(Delta.orders(1, -1, -12_500_000, NEVER, CREATED)),
        List.of(Delta.orders(5, -2, -12_500_000, NEVER, NEVER)),
        change("orders", Op.UPDATE, ORDER, cancelled));
    assertDeltas(
        List.of(Delta.orders(1, 1, 12_500_000, CREATED, NEVER)),
        List.of(Delta.orders(5, 2, 12_500_000, NEVER, NEVER)),
        change("orders", Op.UPDATE, cancelled, ORDER));
  }

  @Test
  void aStatusWithEscapesIsTheSameStatus() {
    assertDeltas(
        List.of(), List.of(), change("orders", Op.CREATE, null, with("placed", "cancell\\u0065d")));
  }

  @Test
  void anOrderOfOtherOwnersIsTwoDeltasEach() {
    String moved = with("\"user_id\":1", "\"user_id\":2").replace("_id\":5", "_id\":6");
    assertDeltas(
        List.of(
            Delta.orders(1, -1, -12_500_000, NEVER, CREATED),
            Delta.orders(2, 1, 12_500_000, CREATED, NEVER)),
        List.of(
            Delta.orders(5, -2, -12_500_000, NEVER, NEVER),
            Delta.orders(6, 2, 12_500_000, NEVER, NEVER)),
        change("orders", Op.UPDATE, ORDER, moved));
  }

  @Test
  void aChangedOrderIsOneDelta() {
    String changed = with("12.50", "10.00").replace("quantity\":2", "quantity\":3");
    assertDeltas(
        List.of(Delta.orders(1, 0, -2_500_000, NEVER, NEVER)),
        List.of(Delta.orders(5, 1, -2_500_000, NEVER, NEVER)),
        change("orders", Op.UPDATE, ORDER, changed));
    String later = with("01.5Z", "02Z");
    assertDeltas(
        List.of(Delta.orders(1, 0, 0, 2_000_000, CREATED)),
        List.of(),
        change("orders", Op.UPDATE, ORDER, later));
  }

  @Test
  void anOrderThatWasNotKnownBeforeComes() {
    assertDeltas(
        List.of(Delta.orders(1, 1, 12_500_000, CREATED, NEVER)),
        List.of(Delta.orders(5, 2, 12_500_000, NEVER, NEVER)),
        change("orders", Op.UPDATE, null, ORDER));
    assertDeltas(List.of(), List.of(), change("orders", Op.DELETE, null, null));
  }

  @Test
  void nullsAndMissingColumnsAddNothing() {
    assertDeltas(
        List.of(Delta.orders(1, 1, 0, NEVER, NEVER)),
        List.of(),
        change(
            "orders",
            Op.CREATE,
            null,
            "{\"id\":9,\"user_id\":1,\"product_id\":null,\"amount\":null}"));
  }

  @Test
  void anOwnersRowComesChangesAndGoes() {
    String user = "{\"id\":1,\"tier\":\"gold\",\"email\":\"a\",\"stock\":\"not this table's\"}";
    String product = "{\"id\":5,\"category\":null,\"stock\":7}";
    assertDeltas(
        List.of(Delta.row(1, "gold", 0)), List.of(), change("users", Op.CREATE, null, user));
    assertDeltas(
        List.of(), List.of(Delta.row(5, null, 7)), change("products", Op.READ, product, product));
    assertDeltas(
        List.of(),
        List.of(),
        change("users", Op.UPDATE, user, user.replace("\"email\":\"a\"", "\"email\":\"b\"")));
    assertDeltas(
        List.of(),
        List.of(Delta.row(5, null, 8)),
        change("products", Op.UPDATE, product, product.replace("7", "8")));
    assertDeltas(List.of(Delta.noRow(1)), List.of(), change("users", Op.DELETE, user, null));
    assertDeltas(List.of(), List.of(), change("users", Op.DELETE, null, null));
  }

  private static void assertDeltas(List<Delta> customers, List<Delta> products, Change change) {
    assertEquals(customers, split(View.CUSTOMERS, change));
    assertEquals(products, split(View.PRODUCTS, change));
  }

  private static List<Delta> split(View view, Change change) {
    List<Delta> deltas = new ArrayList<>();
    new Deltas(view).split(change, deltas::add);
    return deltas;
  }

  private static String with(String part, String other) {
    return ORDER.replace(part, other);
  }

  private static Change change(String table, Op op, String before, String after) {
    return new Change(
        table, op, Cause.STREAM, Mark.NONE, new byte[0], row(before), row(after), 1, 1, 1);
  }

  private static Row row(String json) {
    return json == null ? null : Row.of(json.getBytes(StandardCharsets.UTF_8));
  }
}
