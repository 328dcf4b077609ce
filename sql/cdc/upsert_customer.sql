-- Brings rows of customer_analytics up to date, or removes them: all in one statement, so in one transaction.
--
-- Each parameter is an array with one element per row; no user may be there twice.
-- A time is told in microseconds since the epoch, and put together here from whole seconds and the rest:
-- an interval times a number goes through floating point, which microseconds of far years do not fit in.

MERGE INTO customer_analytics AS t
USING (
    SELECT
        user_id, deleted, tier, order_count, total_amount, average_amount,
        timestamptz 'epoch'
            + last_order_us / 1000000 * interval '1 second'
            + last_order_us % 1000000 * interval '1 microsecond' AS last_order_at
    FROM unnest(?::bigint[], ?::boolean[], ?::text[], ?::bigint[], ?::numeric[], ?::numeric[], ?::bigint[])
        AS r (user_id, deleted, tier, order_count, total_amount, average_amount, last_order_us)
) AS s
ON t.user_id = s.user_id
WHEN MATCHED AND s.deleted THEN DELETE
WHEN MATCHED THEN UPDATE SET
    tier = s.tier,
    order_count = s.order_count,
    total_amount = s.total_amount,
    average_amount = s.average_amount,
    last_order_at = s.last_order_at
WHEN NOT MATCHED AND NOT s.deleted THEN
    INSERT (user_id, tier, order_count, total_amount, average_amount, last_order_at)
    VALUES (s.user_id, s.tier, s.order_count, s.total_amount, s.average_amount, s.last_order_at)
