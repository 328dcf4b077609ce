CREATE TABLE customer_analytics (
  user_id BIGINT,
  tier STRING,
  order_count BIGINT,
  total_amount DECIMAL(20, 2),
  average_amount DECIMAL(20, 2),
  last_order_at TIMESTAMP_LTZ(6),
  PRIMARY KEY (user_id) NOT ENFORCED
) WITH (
  ${sink:customer-analytics}
);

INSERT INTO customer_analytics
SELECT
  id,
  tier,
  COALESCE(order_count, 0),
  COALESCE(total_amount, 0),
  CAST(ROUND(total_amount / order_count, 2) AS DECIMAL(20, 2)),
  last_order_at
FROM users
LEFT JOIN (
  SELECT
    user_id,
    COUNT(*) AS order_count,
    CAST(SUM(amount) AS DECIMAL(20, 2)) AS total_amount,
    MAX(created_at) AS last_order_at
  FROM orders
  WHERE status <> 'cancelled'
  GROUP BY user_id
) ON user_id = id;
