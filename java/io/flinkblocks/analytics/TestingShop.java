package io.flinkblocks.analytics;

import io.flinkblocks.cdc.Cause;
import io.flinkblocks.cdc.Change;
import io.flinkblocks.cdc.Mark;
import io.flinkblocks.cdc.Op;
import io.flinkblocks.cdc.Row;
import io.flinkblocks.output.JsonWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The shop's database in memory. It tells changes as the room cdc does, and evaluates the reference
 * queries over its own rows, step by step and with no regard to changes.
 */
final class TestingShop {
  /** A row of any table. */
  interface Entity {
    long id();

    byte[] json();
  }

  /** A row of users, as far as it matters, and a column that does not. */
  record User(long id, String tier, String email) implements Entity {
    @Override
    public byte[] json() {
      return new JsonWriter()
          .begin()
          .field("id", id)
          .field("email", email)
          .field("tier", tier)
          .end();
    }
  }

  /** A row of products. */
  record Product(long id, String category, int stock, String name) implements Entity {
    @Override
    public byte[] json() {
      return new JsonWriter()
          .begin()
          .field("id", id)
          .field("name", name)
          .field("category", category)
          .field("stock", stock)
          .end();
    }
  }

  /**
   * A row of orders.
   *
   * @param amount with two decimals
   */
  record Order(
      long id,
      long user,
      long product,
      int quantity,
      BigDecimal amount,
      String status,
      Instant createdAt)
      implements Entity {
    @Override
    public byte[] json() {
      return new JsonWriter()
          .begin()
          .field("id", id)
          .field("user_id", user)
          .field("product_id", product)
          .field("quantity", quantity)
          .json("amount", amount.toPlainString().getBytes(StandardCharsets.UTF_8))
          .field("status", status)
          .field("created_at", createdAt.toString())
          .end();
    }

    boolean counts() {
      return !status.equals("cancelled");
    }
  }

  private final TreeMap<Long, User> users = new TreeMap<>();
  private final TreeMap<Long, Product> products = new TreeMap<>();
  private final TreeMap<Long, Order> orders = new TreeMap<>();
  private final Map<String, TreeMap<Long, ? extends Entity>> tables =
      Map.of("users", users, "products", products, "orders", orders);
  private long lsn = 1;

  /** Inserts or updates. */
  List<Change> put(User user) {
    return put("users", users.put(user.id(), user), user);
  }

  /** Inserts or updates. */
  List<Change> put(Product product) {
    return put("products", products.put(product.id(), product), product);
  }

  /** Inserts or updates. */
  List<Change> put(Order order) {
    return put("orders", orders.put(order.id(), order), order);
  }

  private List<Change> put(String table, Entity before, Entity after) {
    return List.of(
        change(table, before == null ? Op.CREATE : Op.UPDATE, Cause.STREAM, before, after));
  }

  /** Deletes, if there is such a row. */
  List<Change> delete(String table, long id) {
    Entity before = tables.get(table).remove(id);
    return before == null
        ? List.of()
        : List.of(change(table, Op.DELETE, Cause.STREAM, before, null));
  }

  /** Deletes all rows of a table. */
  List<Change> truncate(String table) {
    List<Change> changes = new ArrayList<>();
    for (Entity before : tables.get(table).values()) {
      changes.add(change(table, Op.DELETE, Cause.TRUNCATION, before, null));
    }
    tables.get(table).clear();
    changes.add(change(table, Op.TRUNCATE, Cause.STREAM, null, null));
    return changes;
  }

  /** Reads all rows of a table again, as a snapshot does. */
  List<Change> read(String table) {
    List<Change> changes = new ArrayList<>();
    for (Entity row : tables.get(table).values()) {
      changes.add(change(table, Op.READ, Cause.SNAPSHOT, row, row));
    }
    return changes;
  }

  private Change change(String table, Op op, Cause cause, Entity before, Entity after) {
    Entity any = after == null ? before : after;
    byte[] key = any == null ? null : new JsonWriter().begin().field("id", any.id()).end();
    return new Change(
        table, op, cause, Mark.NONE, key, row(before), row(after), lsn++, 1, 1_700_000_000_000L);
  }

  private static Row row(Entity entity) {
    return entity == null ? null : Row.of(entity.json());
  }

  /** The rows that customer_analytics.sql gives, by user. */
  Map<Long, List<Object>> customers() {
    return users.values().stream().collect(Collectors.toMap(User::id, this::customer));
  }

  private List<Object> customer(User user) {
    List<Order> theirs =
        orders.values().stream().filter(o -> o.user() == user.id() && o.counts()).toList();
    long count = theirs.size();
    BigDecimal total = amount(theirs);
    BigDecimal average =
        count == 0 ? null : total.divide(BigDecimal.valueOf(count), 2, RoundingMode.HALF_UP);
    Instant last =
        theirs.stream().map(Order::createdAt).max(Comparator.naturalOrder()).orElse(null);
    return Arrays.asList(user.tier(), count, total, average, last);
  }

  /** The rows that product_analytics.sql gives, by product. */
  Map<Long, List<Object>> products() {
    return products.values().stream().collect(Collectors.toMap(Product::id, this::product));
  }

  private List<Object> product(Product product) {
    List<Order> its =
        orders.values().stream().filter(o -> o.product() == product.id() && o.counts()).toList();
    long units = its.stream().mapToLong(Order::quantity).sum();
    return Arrays.asList(product.category(), units, amount(its), (long) product.stock());
  }

  private static BigDecimal amount(List<Order> orders) {
    return orders.stream().map(Order::amount).reduce(BigDecimal.ZERO.setScale(2), BigDecimal::add);
  }

  /** A row as an upsert tells it, in the form of the queries' rows. */
  static List<Object> row(View view, Upsert upsert) {
    BigDecimal total = new BigDecimal(upsert.total().toString());
    if (view == View.PRODUCTS) {
      return Arrays.asList(upsert.label(), upsert.count(), total, upsert.stock());
    }
    BigDecimal average =
        upsert.average() == null ? null : new BigDecimal(upsert.average().toString());
    Long micros = upsert.latestOrNull();
    Instant last = micros == null ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    return Arrays.asList(upsert.label(), upsert.count(), total, average, last);
  }
}
