CREATE TABLE session_windows (
  user_id STRING,
  session_start BIGINT,
  session_end BIGINT,
  duration_ms BIGINT,
  event_count BIGINT,
  actions MULTISET<STRING>,
  unique_products BIGINT,
  purchase_count BIGINT,
  revenue DECIMAL(38, 6),
  converted BOOLEAN,
  revision INT
) WITH (
  'connector' = 'filesystem',
  'path' = '${output}/windowing-session',
  'format' = 'json',
  'json.encode.decimal-as-plain-number' = 'true'
);

INSERT INTO session_windows
SELECT
  user_id,
  first_time,
  last_time,
  last_time - first_time,
  event_count,
  actions,
  unique_products,
  purchase_count,
  COALESCE(revenue, 0),
  purchase_count > 0,
  0
FROM (
  SELECT
    user_id,
    MIN(`timestamp`) AS first_time,
    MAX(`timestamp`) AS last_time,
    COUNT(*) AS event_count,
    COLLECT(action) AS actions,
    COUNT(DISTINCT product_id) AS unique_products,
    COUNT(*) FILTER (WHERE action = 'purchase') AS purchase_count,
    SUM(price * quantity) FILTER (WHERE action = 'purchase') AS revenue
  FROM TABLE(
    SESSION(TABLE events PARTITION BY user_id, DESCRIPTOR(event_time),
      INTERVAL ${session-timeout}))
  GROUP BY user_id, window_start, window_end
);
