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
import statistics
import subprocess
import sys
import tempfile
import time

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812

from flinkblocks.runtime import java_program_environment, runfile
from flinkblocks.stack import temporary_stack
from flinkblocks.testing.block_process import BlockProcess

_BLOCK = "flink/python/cdc_processing"
_WORKLOAD = "python/flinkblocks/shop/workload"
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
        folder = pathlib.Path(name)
        stack = ends.enter_context(temporary_stack(folder / "stack", "kafka", "postgres", "connect"))
        exports = {key: value for r in stack.services().values() for key, value in r.exports.items()}
        _workload(exports, "--schema", "--changes", 0).wait()
        block = ends.enter_context(_block(folder, args, exports))
        block.wait_checkpoint(more_than=0)
        work = _workload(exports, "--users", 0, "--products", 0, "--rate", args.rate)
        ends.callback(work.kill)
        seconds = _measure(_connect(exports, "SOURCE"), _connect(exports, "ANALYTICS"), args.minutes * 60)
        assert work.poll() is None, "the workload has ended"
    print(json.dumps({**vars(args), **_figures(seconds)}))
    return 0


def _block(folder: pathlib.Path, args: argparse.Namespace, exports: dict[str, str]) -> BlockProcess:
    return BlockProcess(
        _BLOCK, folder / "home", "--duration", 0, "--parallelism", args.parallelism, "--checkpoint-interval",
        args.checkpoint_interval, env=exports,
    )  # fmt: skip


def _workload(exports: dict[str, str], *flags: object) -> subprocess.Popen:
    return subprocess.Popen(
        [runfile(_WORKLOAD), *map(str, flags)], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**java_program_environment(), **exports},
    )  # fmt: skip


def _connect(exports: dict[str, str], which: str) -> Connection:
    password = pathlib.Path(exports[f"{which}_POSTGRES_PASSWORD_FILE"]).read_text(encoding="utf-8")
    found = psycopg2.connect(
        exports[f"{which}_POSTGRES_URL"], user=exports[f"{which}_POSTGRES_USER"], password=password
    )
    found.autocommit = True
    return found


def _measure(source: Connection, analytics: Connection, duration_s: float) -> list[float]:
    """The seconds of each order that was committed in that time, one after the other."""
    chance = random.Random(1)
    counts = dict.fromkeys(range(_FIRST_USER, _FIRST_USER + _USERS), 0)
    with source.cursor() as write, analytics.cursor() as read:
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
            write.execute("INSERT INTO orders (user_id, product_id, quantity, amount) VALUES (%s, 1, 1, 1.00)", (user,))
            begin = time.monotonic()
            _wait(read, user, counts[user])
            found.append(time.monotonic() - begin)
            time.sleep(chance.uniform(0, 0.2))
    return found


def _wait(read, user: int, count: int) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        read.execute("SELECT order_count FROM customer_analytics WHERE user_id = %s", (user,))
        if read.fetchone() == (count,):
            return
        time.sleep(_POLL_S)
    raise TimeoutError(f"an order was not counted within {_PATIENCE_S:.0f} s")


def _figures(seconds: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=100)
    return {
        "orders": len(seconds), "median_ms": round(cuts[49] * 1000), "p99_ms": round(cuts[98] * 1000),
        "max_ms": round(max(seconds) * 1000),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
