CREATE TABLE revenue (
  window_key STRING,
  window_start BIGINT,
  window_end BIGINT,
  total_revenue DECIMAL(38, 6),
  order_count BIGINT,
  unique_users BIGINT,
  avg_order_value DECIMAL(38, 2),
  max_order_value DECIMAL(38, 6)
) WITH (
  'connector' = 'filesystem',
  'path' = '${output}/revenue-metrics',
  'format' = 'json',
  'json.encode.decimal-as-plain-number' = 'true'
);

CREATE TEMPORARY VIEW purchases AS
SELECT category, user_id, event_time, CAST(price * quantity AS DECIMAL(24, 6)) AS amount
FROM events
WHERE action = 'purchase';

INSERT INTO revenue
SELECT
  category,
  1000 * UNIX_TIMESTAMP(DATE_FORMAT(window_start, 'yyyy-MM-dd HH:mm:ss')),
  1000 * UNIX_TIMESTAMP(DATE_FORMAT(window_end, 'yyyy-MM-dd HH:mm:ss')),
  SUM(amount),
  COUNT(*),
  COUNT(DISTINCT user_id),
  CAST(ROUND(SUM(amount) / COUNT(*), 2) AS DECIMAL(38, 2)),
  MAX(amount)
FROM TABLE(
  TUMBLE(TABLE purchases, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY category, window_start, window_end;
