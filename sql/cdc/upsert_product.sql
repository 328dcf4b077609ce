-- Brings rows of product_analytics up to date, or removes them: all in one statement, so in one transaction.
--
-- Each parameter is an array with one element per row; no product may be there twice.

MERGE INTO product_analytics AS t
USING (
    SELECT product_id, deleted, category, units, revenue, stock
    FROM unnest(?::bigint[], ?::boolean[], ?::text[], ?::bigint[], ?::numeric[], ?::bigint[])
        AS r (product_id, deleted, category, units, revenue, stock)
) AS s
ON t.product_id = s.product_id
WHEN MATCHED AND s.deleted THEN DELETE
WHEN MATCHED THEN UPDATE SET
    category = s.category,
    units = s.units,
    revenue = s.revenue,
    stock = s.stock
WHEN NOT MATCHED AND NOT s.deleted THEN
    INSERT (product_id, category, units, revenue, stock)
    VALUES (s.product_id, s.category, s.units, s.revenue, s.stock)
