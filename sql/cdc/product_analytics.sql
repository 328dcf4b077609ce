-- What product_analytics is, over the shop's database: one row per product. Cancelled orders do not count.

SELECT
    p.id AS product_id,
    p.category,
    coalesce(sum(o.quantity), 0)::bigint AS units,
    coalesce(sum(o.amount), 0)::numeric(20, 2) AS revenue,
    p.stock::bigint AS stock
FROM products AS p
LEFT JOIN orders AS o ON o.product_id = p.id AND o.status IS DISTINCT FROM 'cancelled'
GROUP BY p.id
ORDER BY p.id;
