"""A web shop at work in PostgreSQL: `bazel run //python/flinkblocks/shop:workload -- --help`."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import logging
import math
import os
import pathlib
import signal
import sys
import time
from collections.abc import Iterator

import psycopg2

from flinkblocks.errors import UsageError, UserError, main_guard
from flinkblocks.flags.durations import Duration
from flinkblocks.runtime import runfile
from flinkblocks.shop.changelog import ChangeLog
from flinkblocks.shop.database import connect
from flinkblocks.shop.executor import Executor
from flinkblocks.shop.model import Shop, Transaction

_SCHEMA = "sql/cdc/source_schema.sql"
_TELL_EVERY_S = 5.0
_NO_LIMIT = 2**62
# How far behind its rate it may fall, seconds, and still catch up.
_CATCH_UP_S = 1.0
_CURES = (
    (psycopg2.OperationalError, "start the database, and this again"),
    (psycopg2.IntegrityError, "let nothing else write to the tables while the workload runs"),
    (psycopg2.Error, "--schema creates the tables; the user must be their owner"),
)


class Signals:
    """Counts Ctrl-C and SIGTERM, so that what is under way is finished; the third is a KeyboardInterrupt."""

    def __init__(self) -> None:
        self.count = 0
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._handle)

    def _handle(self, *_: object) -> None:
        self.count += 1
        if self.count > 2:
            raise KeyboardInterrupt


class Workload:
    """Plans, runs and logs transactions, one after the other."""

    def __init__(self, shop: Shop, executor: Executor, log: ChangeLog | None, signals: Signals):
        self._shop, self._executor, self._log, self._signals = shop, executor, log, signals
        self.changes = self.transactions = self.rolled_back = 0
        self._begin = self._told = self._paced_from = time.monotonic()

    def seed(self, users: int, products: int) -> None:
        """Fills the tables up to so many users and products."""
        for transaction in self._shop.seeding(users, products):
            if self._signals.count:
                return
            self._run(transaction)

    def run(self, changes: int, duration: float, rate: float) -> None:
        """Changes the tables.

        Args:
            changes: how many.
            duration: for how long, seconds.
            rate: changes per second, 0 for as many as there can be.
        """
        self.changes = self.transactions = self.rolled_back = 0
        self._begin = self._told = self._paced_from = time.monotonic()
        while self.changes < changes and not self._signals.count and time.monotonic() < self._begin + duration:
            self._run(self._shop.plan(changes - self.changes))
            self._tell()
            if rate:
                self._pace(rate)

    def summary(self) -> str:
        """What it has done."""
        seconds = max(time.monotonic() - self._begin, 1e-3)
        return (
            f"{self.changes:,} changes in {self.transactions:,} transactions, {self.rolled_back:,} rolled back,"
            f" {self.changes / seconds:,.0f} changes/s"
        )

    def _run(self, transaction: Transaction) -> None:
        txid = self._executor.run(transaction)
        if txid is None:
            self.rolled_back += 1
            return
        changes = transaction.changes()
        self._shop.apply(transaction)
        if self._log:
            self._log.write(changes, txid)
        self.transactions += 1
        self.changes += len(changes)

    def _pace(self, rate: float) -> None:
        """Waits until as much time has passed as its changes take; what an outage took is not caught up."""
        self._paced_from = max(self._paced_from, time.monotonic() - self.changes / rate - _CATCH_UP_S)
        due = self._paced_from + self.changes / rate
        while not self._signals.count and (left := due - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))

    def _tell(self) -> None:
        if time.monotonic() - self._told >= _TELL_EVERY_S:
            self._told = time.monotonic()
            print(self.summary(), file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="workload",
        description="Changes the tables of a web shop in PostgreSQL: inserts, updates, deletes, transactions over"
        " several tables, and rollbacks. Ctrl-C ends it behind a whole transaction.",
        epilog="The password is taken from SOURCE_POSTGRES_PASSWORD, or from the file that"
        " SOURCE_POSTGRES_PASSWORD_FILE names; else from those with POSTGRES_ instead.",
    )
    add = parser.add_argument
    add("--url", help="postgresql://host:port/database (default: $SOURCE_POSTGRES_URL)")
    add("--user", help="of the database (default: $SOURCE_POSTGRES_USER, else $POSTGRES_USER)")
    add("--schema", action="store_true", help="create the tables first, if they are not there")
    add("--users", type=_count, default=200, metavar="N", help="fill up to so many users first (default: 200)")
    add("--products", type=_count, default=50, metavar="N", help="and to so many products (default: 50)")
    add("--changes", type=_count, metavar="N", help="committed changes after that (default: no limit; 0 for none)")
    add("--duration", type=_duration, metavar="DURATION", help="end after 90s, 2min, 1h (default: no limit)")
    add("--rate", type=_rate, default=200.0, metavar="N", help="changes/s, 0 = full speed (default: 200)")
    add("--seed", type=int, default=42, metavar="N", help="of all chance (default: 42)")
    add("--truncates", action="store_true", help="truncate the orders now and then")
    add("--log", type=pathlib.Path, metavar="FILE", help="append a JSON line for each committed change, in their order")
    add("--patience", type=_duration, default="5min", metavar="DURATION",
        help="how long the database may be away in between (default: 5min)")  # fmt: skip
    add("--verbose", action="store_true", help="show stack traces")
    return parser


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of 0 or more")
    return int(text)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = -1
    if not 0 <= rate <= 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of changes a second")
    return rate


def _duration(text: str) -> float:
    try:
        return Duration.parse(text, "s").seconds
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}; write it as 90s, 2min, 1h") from None


@contextlib.contextmanager
def _log(path: pathlib.Path | None) -> Iterator[ChangeLog | None]:
    if path is None:
        yield None
        return
    try:
        out = path.open("a", encoding="ascii")
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}", "correct --log") from None
    with out:
        yield ChangeLog(out)


def _executor(args: argparse.Namespace) -> Executor:
    url = args.url or os.environ.get("SOURCE_POSTGRES_URL")
    if not url:
        raise UsageError("no database is named", "give --url, or set SOURCE_POSTGRES_URL")

    def lost(reason: str) -> None:
        print(f"the database is away: {reason}", file=sys.stderr)

    try:
        return Executor(lambda: connect(url, args.user, os.environ), args.patience, lost)
    except psycopg2.OperationalError as error:
        cure = "start it, or correct --url, --user and the password"
        raise UserError(f"{url}: {' '.join(str(error).split())}", cure) from error


def _work(args: argparse.Namespace, executor: Executor, log: ChangeLog | None) -> None:
    signals = Signals()
    if args.schema:
        executor.script(pathlib.Path(runfile(_SCHEMA)).read_text(encoding="utf-8"))
    now = datetime.datetime.now(datetime.timezone.utc)
    work = Workload(Shop(args.seed, now, executor.rows(), args.truncates), executor, log, signals)
    work.seed(args.users, args.products)
    if work.changes:
        print(f"filled the tables: {work.summary()}", file=sys.stderr)
    changes = _NO_LIMIT if args.changes is None else args.changes
    work.run(changes, math.inf if args.duration is None else args.duration, args.rate)
    executor.finish()
    print(work.summary(), file=sys.stderr)


def main(argv: list[str]) -> None:
    """Runs the workload.

    Args:
        argv: the flags.

    Raises:
        UserError: the database is not there, not the shop's, or was away for too long.
    """
    args = _parser().parse_args(argv)
    # What is lost is told in our own words.
    logging.getLogger("stamina").addHandler(logging.NullHandler())
    with _log(args.log) as log, contextlib.closing(_executor(args)) as executor:
        try:
            _work(args, executor, log)
        except psycopg2.Error as error:
            cure = next(cure for kind, cure in _CURES if isinstance(error, kind))
            raise UserError(str(error).strip().split("\n")[0], cure) from error


if __name__ == "__main__":
    sys.exit(main_guard(main)())
