"""`bazel run //tools:stack -- up | status | logs | down`: real Kafka, PostgreSQL, Kafka Connect and Flink."""

from __future__ import annotations

import argparse
import itertools
import os
import shlex
import signal
import subprocess
import sys
import time

from rich.console import Console
from rich.table import Table

from flinkblocks.errors import UserError
from flinkblocks.stack.postgres import login
from flinkblocks.stack.postgres_databases import OWNERS
from flinkblocks.stack.postgres_programs import distribution
from flinkblocks.stack.processes import tail
from flinkblocks.stack.running import Running
from flinkblocks.stack.stack import SERVICES, Stack
from flinkblocks.stack.topics import records, topics


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stack", description="Runs the services that the blocks talk to, on loopback, without Docker."
    )
    parser.add_argument("--name", default="default", help="which stack: several run side by side (default: default)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="start services and wait until they are ready; a second up changes nothing")
    up.add_argument(
        "services",
        nargs="*",
        metavar="SERVICE",
        choices=[[], *SERVICES],
        help=f"of {', '.join(SERVICES)} (default: all); what one needs comes along: kafka with connect",
    )
    commands.add_parser("status", help="what runs, where, with how much memory; exit code 3 when something does not")
    logs = commands.add_parser("logs", help="the last lines of the services' logs")
    logs.add_argument(
        "services", nargs="*", metavar="SERVICE", choices=[[], *SERVICES], help="default: all that were started"
    )
    logs.add_argument("--lines", type=int, default=20, help="lines of each (default: 20)")
    commands.add_parser("topics", help="the topics of its Kafka")
    read = commands.add_parser("read", help="the committed records of a topic, from its beginning to its present end")
    read.add_argument("topic")
    read.add_argument("--lines", type=int, default=0, help="stop after so many records (default: 0, all)")
    read.add_argument("--keys", action="store_true", help="print the key and a tab before each value")
    shell = commands.add_parser("psql", help="PostgreSQL's shell on one of its databases, as the owner")
    shell.add_argument("database", choices=OWNERS)
    shell.add_argument("arguments", nargs=argparse.REMAINDER, help="for psql, as -c 'SELECT 1' (default: none)")
    down = commands.add_parser("down", help="stop everything; data and logs stay")
    down.add_argument("--purge", action="store_true", help="delete data and logs too")
    return parser


def _up(stack: Stack, names: list[str]) -> int:
    begin = time.monotonic()

    def told(running: Running, started: bool) -> None:
        took = f"ready in {time.monotonic() - begin:.1f} s" if started else "was running"
        print(f"{running.service.name}: {running.address} ({took})", file=sys.stderr)

    ups = stack.up_all(names or SERVICES, told)
    print(f"data and logs: {stack.folder}", file=sys.stderr)
    for running, _ in ups.values():
        for key, value in running.exports.items():
            print(f"export {key}={shlex.quote(value)}")
    return 0


def _status(stack: Stack) -> int:
    services = stack.services()
    if not services:
        print(f"nothing was started in {stack.folder}; start it with: up {' '.join(SERVICES)}")
        return 3
    table = Table("service", "state", "address", "process", "pid", "memory")
    for name, running in services.items():
        # One line in each cell for each process.
        daemons = [running.daemons.get(process) for process in running.service.processes]
        live = [d if d and d.alive() else None for d in daemons]
        table.add_row(
            name,
            _state(running),
            running.address,
            "\n".join(running.service.processes),
            "\n".join(str(d.pid) if d else "-" for d in live),
            "\n".join(f"{d.resident_bytes() / 1e6:.0f} MB" if d else "-" for d in live),
        )
    Console().print(table)
    return 0 if all(running.alive for running in services.values()) else 3


def _state(running: Running) -> str:
    if running.alive:
        return "ready" if running.ready else "not ready"
    return "partly down" if len(running.missing) < len(running.service.processes) else "down"


def _logs(stack: Stack, names: list[str], lines: int) -> int:
    for name in names or list(stack.services()):
        for log in stack.logs(name):
            print(f"==> {log}\n{tail(log, lines)}")
    return 0


def _alive(stack: Stack, name: str) -> Running:
    running = stack.services().get(name)
    if running is None or not running.alive:
        raise UserError(f"its {name} does not run", f"start it with: up {name}")
    return running


def _topics(stack: Stack) -> int:
    table = Table("topic", "partitions", "timestamps")
    for topic in topics(_alive(stack, "kafka").address):
        table.add_row(topic.name, str(topic.partitions), topic.timestamps)
    Console().print(table)
    return 0


def _read(stack: Stack, topic: str, lines: int, keys: bool) -> int:
    out = sys.stdout.buffer
    servers = _alive(stack, "kafka").address
    try:
        for key, value in itertools.islice(records(servers, topic), lines or None):
            out.write((key or b"") + b"\t" if keys else b"")
            out.write((b"null" if value is None else value) + b"\n")
        out.flush()
    except BrokenPipeError:
        # Who read it has enough; nor may Python complain when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _psql(stack: Stack, database: str, arguments: list[str]) -> int:
    shell = distribution() / "bin" / "psql"
    env = {**os.environ, **login(_alive(stack, "postgres").site, database)}
    try:
        with subprocess.Popen([shell, *arguments], env=env) as process:
            # Ctrl-C is for the shell.
            before = signal.signal(signal.SIGINT, signal.SIG_IGN)
            code = process.wait()
            signal.signal(signal.SIGINT, before)
    except FileNotFoundError:
        raise UserError(f"there is no {shell}", "install PostgreSQL's client, or correct POSTGRES_HOME") from None
    return code


def _down(stack: Stack, purge: bool) -> int:
    stopped = stack.down(purge)
    print(f"stopped: {', '.join(stopped) or 'nothing was running'}", file=sys.stderr)
    if not purge and stack.folder.exists():
        print(f"data and logs stay in {stack.folder}; down --purge deletes them", file=sys.stderr)
    return 0


def main(argv: list[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    args = _parser().parse_args(argv)
    try:
        stack = Stack.named(args.name)
        if args.command == "up":
            return _up(stack, args.services)
        if args.command == "status":
            return _status(stack)
        if args.command == "logs":
            return _logs(stack, args.services, args.lines)
        if args.command == "topics":
            return _topics(stack)
        if args.command == "read":
            return _read(stack, args.topic, args.lines, args.keys)
        if args.command == "psql":
            return _psql(stack, args.database, args.arguments)
        return _down(stack, args.purge)
    except UserError as error:
        print(f"stack: {error}; {error.cure}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"stack: {error.filename}: {error.strerror}; $XDG_STATE_HOME names another folder", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; what was started runs on: down stops it", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
