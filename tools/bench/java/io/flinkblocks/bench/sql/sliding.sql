CREATE TABLE sliding (
  window_key STRING,
  window_start BIGINT,
  window_end BIGINT,
  event_count BIGINT,
  purchase_count BIGINT,
  unique_users BIGINT,
  revenue DECIMAL(38, 6),
  avg_price DECIMAL(38, 2),
  min_price DECIMAL(18, 6),
  max_price DECIMAL(18, 6),
  revenue_change DECIMAL(38, 6),
  revision INT
) WITH (
  'connector' = 'filesystem',
  'path' = '${output}/windowing-sliding',
  'format' = 'json',
  'json.encode.decimal-as-plain-number' = 'true'
);

CREATE TEMPORARY VIEW windows AS
SELECT
  category,
  window_start,
  window_end,
  window_time,
  COUNT(*) AS event_count,
  COUNT(*) FILTER (WHERE action = 'purchase') AS purchase_count,
  COUNT(DISTINCT user_id) AS unique_users,
  COALESCE(SUM(price * quantity) FILTER (WHERE action = 'purchase'), 0) AS revenue,
  SUM(price) AS prices,
  MIN(price) AS min_price,
  MAX(price) AS max_price
FROM TABLE(
  HOP(TABLE events, DESCRIPTOR(event_time),
    INTERVAL ${slide-minutes}, INTERVAL ${sliding-minutes}))
GROUP BY category, window_start, window_end, window_time;

INSERT INTO sliding
SELECT
  category,
  1000 * UNIX_TIMESTAMP(DATE_FORMAT(window_start, 'yyyy-MM-dd HH:mm:ss')),
  1000 * UNIX_TIMESTAMP(DATE_FORMAT(window_end, 'yyyy-MM-dd HH:mm:ss')),
  event_count,
  purchase_count,
  unique_users,
  revenue,
  CAST(ROUND(prices / event_count, 2) AS DECIMAL(38, 2)),
  min_price,
  max_price,
  CASE WHEN oldest_end = window_start THEN revenue - oldest_revenue END,
  0
FROM (
  SELECT
    *,
    FIRST_VALUE(window_end) OVER size_before AS oldest_end,
    FIRST_VALUE(revenue) OVER size_before AS oldest_revenue
  FROM windows
  WINDOW size_before AS (
    PARTITION BY category
    ORDER BY window_time
    RANGE BETWEEN INTERVAL ${sliding-minutes} PRECEDING AND CURRENT ROW)
);
