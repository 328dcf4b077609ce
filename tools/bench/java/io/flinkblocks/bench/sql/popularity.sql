CREATE TABLE popularity (
  type STRING,
  category STRING,
  window_start BIGINT,
  window_end BIGINT,
  `rank` BIGINT,
  product_id STRING,
  score BIGINT,
  `views` BIGINT,
  add_to_carts BIGINT,
  purchases BIGINT,
  unique_users BIGINT
) WITH (
  'connector' = 'filesystem',
  'path' = '${output}/analytics-results',
  'format' = 'json'
);

INSERT INTO popularity
SELECT
  'product_popularity',
  category,
  1000 * UNIX_TIMESTAMP(DATE_FORMAT(window_start, 'yyyy-MM-dd HH:mm:ss')),
  1000 * UNIX_TIMESTAMP(DATE_FORMAT(window_end, 'yyyy-MM-dd HH:mm:ss')),
  place,
  product_id,
  score,
  `views`,
  add_to_carts,
  purchases,
  unique_users
FROM (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY window_start, window_end, category
      ORDER BY score DESC, product_id ASC) AS place
  FROM (
    SELECT
      *,
      `views` + 3 * add_to_carts + 5 * purchases AS score
    FROM (
      SELECT
        category,
        product_id,
        window_start,
        window_end,
        COUNT(*) FILTER (WHERE action = 'view') AS `views`,
        COUNT(*) FILTER (WHERE action = 'add_to_cart') AS add_to_carts,
        COUNT(*) FILTER (WHERE action = 'purchase') AS purchases,
        COUNT(DISTINCT user_id) AS unique_users
      FROM TABLE(
        HOP(TABLE events, DESCRIPTOR(event_time), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE))
      GROUP BY category, product_id, window_start, window_end
    )
  )
  WHERE score > 0
)
WHERE place <= 10;
