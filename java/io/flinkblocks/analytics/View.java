package io.flinkblocks.analytics;

/**
 * A table of the analytics database: one row per row of its owners' table, with what the owner's
 * orders come to. Cancelled orders do not count.
 */
enum View {
  /** One row per user: tier, orders, their amounts, the latest. */
  CUSTOMERS("customer-analytics", "customer_analytics", "users", "tier", "user_id"),
  /** One row per product: category, units, their amounts, stock. */
  PRODUCTS("product-analytics", "product_analytics", "products", "category", "product_id");

  /** The shop's table of orders. */
  static final String ORDERS = "orders";

  /** What the sink is called. */
  final String output;

  /** The table in the analytics database. */
  final String target;

  /** The owners' table in the shop's database. */
  final String owners;

  /** The column of {@link #owners} that goes into the row as it is. */
  final String label;

  /** The column of an order that names its owner. */
  final String ownerOfOrder;

  View(String output, String target, String owners, String label, String ownerOfOrder) {
    this.output = output;
    this.target = target;
    this.owners = owners;
    this.label = label;
    this.ownerOfOrder = ownerOfOrder;
  }
}
