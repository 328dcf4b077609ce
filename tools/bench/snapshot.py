"""The first snapshot of large tables: rows a second, and whether memory grows with the number of rows.

    tools/bazelw run //tools/bench:snapshot -- --rows 1000000

Fills users, products and orders in PostgreSQL, starts cdc_processing with a new connector, and waits until
customer_analytics and product_analytics hold every row. All runs on one machine: PostgreSQL, Debezium, Kafka and Flink.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import pathlib
import sys
import tempfile
import time

import psutil
from live import Live, live

from flinkblocks.testing.block_process import BlockProcess

_PATIENCE_S = 1800.0
_TICK_S = 1.0
# Of the rows, one of ten is a user and one of a hundred a product.
_FILL = """
    INSERT INTO users (id, email, name) SELECT n, 'user' || n || '@example.com', 'User ' || n
      FROM generate_series(1, %(users)s) n;
    INSERT INTO products (id, sku, name, category, price, stock, reorder_level)
      SELECT n, 'SKU-' || n, 'Product ' || n, 'category ' || n %% 8, n %% 500 + 0.99, 100, 10
      FROM generate_series(1, %(products)s) n;
    INSERT INTO orders (id, user_id, product_id, quantity, amount, status)
      SELECT n, n %% %(users)s + 1, n %% %(products)s + 1, 1, n %% %(products)s %% 500 + 0.99, 'paid'
      FROM generate_series(1, %(orders)s) n;
"""


def main() -> int:
    """Measures once, and prints a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="of all tables (default: 1000000)")
    parser.add_argument("--parallelism", type=int, default=2, help="of the job (default: 2)")
    parser.add_argument("--checkpoint-interval", default="10s", help="of the job (default: 10s)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as ends:
        shop = ends.enter_context(live(pathlib.Path(name)))
        _fill(shop, args.rows)
        begin = time.monotonic()
        block = ends.enter_context(shop.block(
            "--parallelism", args.parallelism, "--checkpoint-interval", args.checkpoint_interval,
            "--state-backend", "rocksdb",
        ))  # fmt: skip
        block.wait_read(1)
        start = time.monotonic() - begin
        curve = _wait(shop, block, args.rows)
        seconds = time.monotonic() - begin
        block.stop()
    figures = {"seconds": round(seconds, 1), "start_seconds": round(start, 1), "rows_per_s": round(args.rows / seconds)}
    print(json.dumps({**vars(args), **figures, **curve}))
    return 0


def _fill(shop: Live, rows: int) -> None:
    users, products = max(1, rows // 10), max(1, rows // 100)
    with shop.connect("SOURCE") as source, source.cursor() as write:
        write.execute(_FILL, {"users": users, "products": products, "orders": rows - users - products})
        write.execute("ANALYZE")


def _wait(shop: Live, block: BlockProcess, rows: int) -> dict[str, object]:
    """Waits until every order is counted.

    Returns:
        What job and Connect have resident, MiB, by tenth of the orders.
    """
    orders = rows - max(1, rows // 10) - max(1, rows // 100)
    worker = shop.stack.services()["connect"].daemons["connect"].pid
    job, connect, tenth = [], [], 0
    deadline = time.monotonic() + _PATIENCE_S
    with shop.connect("ANALYTICS") as analytics, analytics.cursor() as read:
        while time.monotonic() < deadline:
            assert block.process.poll() is None, block.said()
            counted = _counted(read)
            while counted * 10 >= orders * (tenth + 1):
                tenth += 1
                job.append(_resident(block.process.pid))
                connect.append(_resident(worker))
            if counted == orders:
                return {"job_mib": job, "connect_mib": connect}
            time.sleep(_TICK_S)
    raise TimeoutError(f"{counted} of {orders} orders within {_PATIENCE_S:.0f} s")


def _counted(read) -> int:
    """The orders that both tables know."""
    read.execute(
        "SELECT coalesce((SELECT sum(order_count) FROM customer_analytics), 0),"
        " coalesce((SELECT sum(units) FROM product_analytics), 0)"
    )
    return int(min(read.fetchone()))


def _resident(pid: int) -> int:
    top = psutil.Process(pid)
    return sum(p.memory_info().rss for p in (top, *top.children(recursive=True))) >> 20


if __name__ == "__main__":
    sys.exit(main())
