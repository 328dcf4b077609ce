-- What customer_analytics is, over the shop's database: one row per user. Cancelled orders do not count.

SELECT
    u.id AS user_id,
    u.tier,
    count(o.id) AS order_count,
    coalesce(sum(o.amount), 0)::numeric(20, 2) AS total_amount,
    round(avg(o.amount), 2)::numeric(20, 2) AS average_amount,
    max(o.created_at) AS last_order_at
FROM users AS u
LEFT JOIN orders AS o ON o.user_id = u.id AND o.status IS DISTINCT FROM 'cancelled'
GROUP BY u.id
ORDER BY u.id;
