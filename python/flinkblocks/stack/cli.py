"""`bazel run //tools:stack -- up | status | logs | down`: a real Kafka for development."""

from __future__ import annotations

import argparse
import sys
import time

from rich.console import Console
from rich.table import Table

from flinkblocks.errors import UserError
from flinkblocks.stack.processes import tail
from flinkblocks.stack.stack import SERVICES, Stack


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stack", description="Runs the services that the blocks talk to, on loopback, without Docker."
    )
    parser.add_argument("--name", default="default", help="which stack: several run side by side (default: default)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="up|status|logs|down")
    up = commands.add_parser("up", help="start services and wait until they are ready; a second up changes nothing")
    up.add_argument("services", nargs="*", choices=[[], *SERVICES], help=f"of {', '.join(SERVICES)} (default: all)")
    commands.add_parser("status", help="what runs, where, with how much memory; exit code 3 when something does not")
    logs = commands.add_parser("logs", help="the last lines of the services' logs")
    logs.add_argument("services", nargs="*", choices=[[], *SERVICES], help="default: all that were started")
    logs.add_argument("--lines", type=int, default=20, help="lines of each (default: 20)")
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
    table = Table("service", "state", "address", "pid", "memory")
    for name, running in services.items():
        state = "down"
        if running.alive:
            state = "ready" if running.service.ready(running.ports) else "starting or hanging"
        pid, memory = ("-", "-")
        if running.daemon and running.alive:
            pid, memory = str(running.daemon.pid), f"{running.daemon.resident_bytes() / 1e6:.0f} MB"
        table.add_row(name, state, running.address, pid, memory)
    Console().print(table)
    return 0 if all(running.alive for running in services.values()) else 3


def _logs(stack: Stack, names: list[str], lines: int) -> int:
    for name in names or list(stack.services()):
        print(f"==> {stack.log(name)}\n{tail(stack.log(name), lines)}")
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
        return _down(stack, args.purge)
    except UserError as error:
        print(f"stack: {error}; {error.cure}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
