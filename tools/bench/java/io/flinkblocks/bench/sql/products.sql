CREATE TABLE product_analytics (
  product_id BIGINT,
  category STRING,
  units BIGINT,
  revenue DECIMAL(20, 2),
  stock BIGINT,
  PRIMARY KEY (product_id) NOT ENFORCED
) WITH (
  ${sink:product-analytics}
);

INSERT INTO product_analytics
SELECT id, category, COALESCE(units, 0), COALESCE(revenue, 0), stock
FROM products
LEFT JOIN (
  SELECT product_id, SUM(quantity) AS units, CAST(SUM(amount) AS DECIMAL(20, 2)) AS revenue
  FROM orders
  WHERE status <> 'cancelled'
  GROUP BY product_id
) ON product_id = id;
