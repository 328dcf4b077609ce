"""A named set of services with a folder of their own: data, logs, and what is running."""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
import os
import pathlib
import re
import shutil
import time
from collections.abc import Iterator

from flinkblocks.errors import UserError
from flinkblocks.paths import PRODUCT, state_home
from flinkblocks.ports import free_ports
from flinkblocks.runtime import java_program_environment
from flinkblocks.stack.kafka import Kafka
from flinkblocks.stack.processes import Daemon, tail
from flinkblocks.stack.service import Service

SERVICES: dict[str, Service] = {service.name: service for service in (Kafka(),)}

_READY_SECONDS = 60.0


@dataclasses.dataclass(frozen=True)
class Running:
    """A service as it was started: its process and the ports it keeps over restarts."""

    service: Service
    daemon: Daemon | None
    ports: dict[str, int]

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self.daemon is not None and self.daemon.alive()

    @property
    def address(self) -> str:
        """Where clients find it."""
        return self.service.address(self.ports)


class Stack:
    """Starts, finds and stops the services of one folder.

    Every change holds the folder's lock, so that two commands at a time do not start a service twice.
    """

    def __init__(self, folder: pathlib.Path):
        self.folder = folder

    @classmethod
    def named(cls, name: str) -> Stack:
        """The stack of that name in the user's state folder.

        Raises:
            UserError: the name is not one that can be a folder.
        """
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name):
            raise UserError(f"--name: {name!r} cannot be a folder's name", "use letters, digits, '.', '_' and '-'")
        return cls(pathlib.Path(state_home(os.environ)) / PRODUCT / "stack" / name)

    def log(self, service: str) -> pathlib.Path:
        """The file that a service's output goes to."""
        return self.folder / service / f"{service}.log"

    def services(self) -> dict[str, Running]:
        """What was started here and not taken down, by name, alive or not."""
        try:
            state = json.loads(self._state.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return {
            name: Running(SERVICES[name], Daemon(**entry["daemon"]) if entry["daemon"] else None, entry["ports"])
            for name, entry in state.items()
        }

    def up(self, name: str) -> tuple[Running, bool]:
        """Starts a service unless it runs, and waits until it is of use.

        Returns:
            The service, and whether it was started by this call.

        Raises:
            UserError: it ended at once or is not ready in time; its last log lines are in the message.
        """
        service = SERVICES[name]
        with self._locked():
            known = self.services().get(name)
            if known and known.alive:
                self._wait_ready(known)
                return known, False
            # A service keeps its ports, so that what was exported stays true; unless they were taken meanwhile.
            ports = known.ports if known else dict(zip(service.ports, free_ports(len(service.ports))))
            (self.folder / name).mkdir(parents=True, exist_ok=True)
            command = service.command(self.folder / name, ports)
            daemon = Daemon.start(command, self.log(name), java_program_environment())
            running = Running(service, daemon, ports)
            self._save({**self.services(), name: running})
        self._wait_ready(running)
        return running, True

    def down(self, purge: bool = False) -> list[str]:
        """Stops everything, in the reverse order of starting; with `purge` deletes the folder too.

        Returns:
            The names of the services that were running.
        """
        if not self.folder.exists():
            return []
        with self._locked():
            services = self.services()
            stopped = [name for name, running in services.items() if running.alive]
            for name in reversed(list(services)):
                running = services[name]
                if running.daemon:
                    running.daemon.stop(running.service.stop_seconds)
            self._save({name: dataclasses.replace(running, daemon=None) for name, running in services.items()})
            if purge:
                shutil.rmtree(self.folder)
        return stopped

    def _wait_ready(self, running: Running) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        name = running.service.name
        while not running.service.ready(running.ports):
            ended = not running.alive
            if ended or time.monotonic() > deadline:
                what = "ended while starting" if ended else f"is not ready after {_READY_SECONDS:.0f} s"
                raise UserError(
                    f"{name} {what}; the end of {self.log(name)}:\n{tail(self.log(name), 8)}",
                    "run `down --purge` and try again when its folder or a port is at fault",
                )
            time.sleep(0.1)

    @property
    def _state(self) -> pathlib.Path:
        return self.folder / "stack.json"

    def _save(self, services: dict[str, Running]) -> None:
        state = {
            name: {"daemon": dataclasses.asdict(r.daemon) if r.daemon else None, "ports": r.ports}
            for name, r in services.items()
        }
        draft = self._state.with_suffix(".new")
        draft.write_text(json.dumps(state, indent=1), encoding="utf-8")
        draft.replace(self._state)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


@contextlib.contextmanager
def temporary_stack(folder: pathlib.Path, *names: str) -> Iterator[Stack]:
    """A stack for a test: the named services run inside the block, and nothing is left behind it."""
    stack = Stack(folder)
    try:
        for name in names:
            stack.up(name)
        yield stack
    finally:
        stack.down(purge=True)
