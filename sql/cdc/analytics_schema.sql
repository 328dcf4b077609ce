-- The analytics database: what Flink keeps up to date. Running it again changes nothing.
--
-- customer_analytics.sql and product_analytics.sql say what the tables hold, as queries over the shop's database.

CREATE TABLE IF NOT EXISTS customer_analytics (
    user_id        bigint PRIMARY KEY,
    tier           text,
    order_count    bigint,
    total_amount   numeric(20, 2),
    average_amount numeric(20, 2),  -- null without orders
    last_order_at  timestamptz      -- null without orders
);

CREATE TABLE IF NOT EXISTS product_analytics (
    product_id bigint PRIMARY KEY,
    category   text,
    units      bigint,
    revenue    numeric(20, 2),
    stock      bigint
);
