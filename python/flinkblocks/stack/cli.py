"""`bazel run //tools:stack -- up | status | logs | down`: a real Kafka and a Flink cluster for development."""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import time

from rich.console import Console
from rich.table import Table

from flinkblocks.errors import UserError
from flinkblocks.stack.processes import tail
from flinkblocks.stack.stack import SERVICES, Running, Stack
from flinkblocks.stack.topics import records, topics


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stack", description="Runs the services that the blocks talk to, on loopback, without Docker."
    )
    parser.add_argument("--name", default="default", help="which stack: several run side by side (default: default)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="start services and wait until they are ready; a second up changes nothing")
    up.add_argument("services", nargs="*", choices=[[], *SERVICES], help=f"of {', '.join(SERVICES)} (default: all)")
    commands.add_parser("status", help="what runs, where, with how much memory; exit code 3 when something does not")
    logs = commands.add_parser("logs", help="the last lines of the services' logs")
    logs.add_argument("services", nargs="*", choices=[[], *SERVICES], help="default: all that were started")
    logs.add_argument("--lines", type=int, default=20, help="lines of each (default: 20)")
    commands.add_parser("topics", help="the topics of its Kafka")
    read = commands.add_parser("read", help="the committed records of a topic, from its beginning to its present end")
    read.add_argument("topic")
    read.add_argument("--lines", type=int, default=0, help="stop after so many records (default: 0, all)")
    read.add_argument("--keys", action="store_true", help="print the key and a tab before each value")
    down = commands.add_parser("down", help="stop everything; data and logs stay")
    down.add_argument("--purge", action="store_true", help="delete data and logs too")
    return parser


def _up(stack: Stack, names: list[str]) -> int:
    lines = {}
    for name in names or list(SERVICES):
        begin = time.monotonic()
        running, started = stack.up(name)
        took = f"ready in {time.monotonic() - begin:.1f} s" if started else "was running"
        print(f"{name}: {running.address} ({took})", file=sys.stderr)
        lines.update(running.service.exports(running.ports))
    print(f"data and logs: {stack.folder}", file=sys.stderr)
    for key, value in lines.items():
        print(f"export {key}={value}")
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
        return "ready" if running.service.ready(running.ports) else "not ready"
    return "partly down" if len(running.missing) < len(running.service.processes) else "down"


def _logs(stack: Stack, names: list[str], lines: int) -> int:
    for name in names or list(stack.services()):
        for log in stack.logs(name):
            print(f"==> {log}\n{tail(log, lines)}")
    return 0


def _broker(stack: Stack) -> str:
    kafka = stack.services().get("kafka")
    if kafka is None or not kafka.alive:
        raise UserError("its Kafka does not run", "start it with: up kafka")
    return kafka.address


def _topics(stack: Stack) -> int:
    table = Table("topic", "partitions", "timestamps")
    for topic in topics(_broker(stack)):
        table.add_row(topic.name, str(topic.partitions), topic.timestamps)
    Console().print(table)
    return 0


def _read(stack: Stack, topic: str, lines: int, keys: bool) -> int:
    out = sys.stdout.buffer
    try:
        for key, value in itertools.islice(records(_broker(stack), topic), lines or None):
            out.write((key or b"") + b"\t" if keys else b"")
            out.write((b"null" if value is None else value) + b"\n")
        out.flush()
    except BrokenPipeError:
        # Who read it has enough; nor may Python complain when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


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
