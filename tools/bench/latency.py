"""From a commit in the source to the row in customer_analytics: how long that takes under load.

    tools/bazelw run //tools/bench:latency -- --minutes 5 --checkpoint-interval 1s

Brings PostgreSQL, Kafka, Connect and the block, lets the workload change the tables, and beside it commits orders of
users that the workload does not know, one after the other. The time of each runs from the commit's return until a
query of the analytics database, asked every few milliseconds, counts it.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import pathlib
import random
import signal
import statistics
import sys
import tempfile
import time

from live import live
from psycopg2.extensions import connection as Connection

_FIRST_USER = 10**12
_USERS = 50
_POLL_S = 0.003
_PATIENCE_S = 120.0


def main() -> int:
    """Measures once, and prints a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5.0, help="how long to measure (default: 5)")
    parser.add_argument("--rate", type=int, default=200, help="changes per second of the workload (default: 200)")
    parser.add_argument("--checkpoint-interval", default="1s", help="of the job (default: 1s)")
    parser.add_argument("--parallelism", type=int, default=2, help="of the job (default: 2)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as ends:
        shop = ends.enter_context(live(pathlib.Path(name)))
        block = ends.enter_context(
            shop.block("--parallelism", args.parallelism, "--checkpoint-interval", args.checkpoint_interval)
        )
        block.wait_checkpoint(more_than=0)
        work = shop.workload("--users", 0, "--products", 0, "--rate", args.rate)
        ends.callback(work.kill)
        seconds = _measure(shop.connect("SOURCE"), shop.connect("ANALYTICS"), args.minutes * 60)
        work.send_signal(signal.SIGINT)
        said = work.communicate(timeout=_PATIENCE_S)[1].splitlines()
        assert work.returncode == 0, said
    print(json.dumps({**vars(args), "workload": said[-1], **_figures(seconds)}))
    return 0


def _measure(source: Connection, analytics: Connection, duration_s: float) -> list[float]:
    """The seconds of each order that was committed in that time, one after the other."""
    chance = random.Random(1)
    counts = dict.fromkeys(range(_FIRST_USER, _FIRST_USER + _USERS), 0)
    with source.cursor() as write, analytics.cursor() as read:
        _wait_for_orders(write)
        for user in counts:
            write.execute(
                "INSERT INTO users (id, email, name) VALUES (%s, %s, 'probe')", (user, f"p{user}@example.com")
            )
        _wait(read, user, 0)
        found: list[float] = []
        end = time.monotonic() + duration_s
        while time.monotonic() < end:
            user = chance.choice(list(counts))
            counts[user] += 1
            write.execute(
                "INSERT INTO orders (id, user_id, product_id, quantity, amount) VALUES (%s, %s, 1, 1, 1.00)",
                (_FIRST_USER + len(found), user),
            )
            begin = time.monotonic()
            _wait(read, user, counts[user])
            found.append(time.monotonic() - begin)
            time.sleep(chance.uniform(0, 0.2))
    return found


def _wait_for_orders(read) -> None:
    """Until the workload is under way: it has read by then what the tables held, and what comes is not its own."""
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        read.execute("SELECT count(*) FROM orders")
        if read.fetchone() != (0,):
            return
        time.sleep(_POLL_S)
    raise TimeoutError(f"the workload has made no order within {_PATIENCE_S:.0f} s")


def _wait(read, user: int, count: int) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        read.execute("SELECT order_count FROM customer_analytics WHERE user_id = %s", (user,))
        if read.fetchone() == (count,):
            return
        time.sleep(_POLL_S)
    raise TimeoutError(f"an order was not counted within {_PATIENCE_S:.0f} s")


def _figures(seconds: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return {
        "orders": len(seconds), "median_ms": round(cuts[49] * 1000), "p99_ms": round(cuts[98] * 1000),
        "max_ms": round(max(seconds) * 1000),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
