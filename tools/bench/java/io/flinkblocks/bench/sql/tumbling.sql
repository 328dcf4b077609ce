CREATE TABLE tumbling (
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
  revision INT
) WITH (
  'connector' = 'filesystem',
  'path' = '${output}/windowing-tumbling',
  'format' = 'json',
  'json.encode.decimal-as-plain-number' = 'true'
);

INSERT INTO tumbling
SELECT
  category,
  1000 * UNIX_TIMESTAMP(DATE_FORMAT(window_start, 'yyyy-MM-dd HH:mm:ss')),
  1000 * UNIX_TIMESTAMP(DATE_FORMAT(window_end, 'yyyy-MM-dd HH:mm:ss')),
  COUNT(*),
  COUNT(*) FILTER (WHERE action = 'purchase'),
  COUNT(DISTINCT user_id),
  COALESCE(SUM(price * quantity) FILTER (WHERE action = 'purchase'), 0),
  CAST(ROUND(SUM(price) / COUNT(*), 2) AS DECIMAL(38, 2)),
  MIN(price),
  MAX(price),
  0
FROM TABLE(
  TUMBLE(TABLE events, DESCRIPTOR(event_time), INTERVAL ${tumbling-minutes}))
GROUP BY category, window_start, window_end;
