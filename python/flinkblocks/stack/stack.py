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
from flinkblocks.stack.flink import Flink
from flinkblocks.stack.kafka import Kafka
from flinkblocks.stack.processes import Daemon, tail
from flinkblocks.stack.service import Service

SERVICES: dict[str, Service] = {service.name: service for service in (Kafka(), Flink())}


@dataclasses.dataclass(frozen=True)
class Running:
    """A service as it was started: its processes and the ports it keeps over restarts.

    Attributes:
        service: which one.
        daemons: its processes by name; none of one that was taken down.
        ports: by name.
    """

    service: Service
    daemons: dict[str, Daemon]
    ports: dict[str, int]

    @property
    def alive(self) -> bool:
        """Whether all its processes run."""
        return not self.missing

    @property
    def missing(self) -> list[str]:
        """Names of the processes that do not run."""
        return [name for name in self.service.processes if not (name in self.daemons and self.daemons[name].alive())]

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

    def log(self, service: str, process: str) -> pathlib.Path:
        """The file that a process's output goes to."""
        return self.folder / service / f"{process}.log"

    def logs(self, service: str) -> list[pathlib.Path]:
        """The files that a service's output goes to."""
        return [self.log(service, process) for process in SERVICES[service].processes]

    def services(self) -> dict[str, Running]:
        """What was started here and not taken down, by name, alive or not.

        Raises:
            UserError: the file that says so is damaged.
        """
        try:
            state = json.loads(self._state.read_text(encoding="utf-8"))
            return {
                name: Running(
                    SERVICES[name],
                    {process: Daemon(**d) for process, d in entry["daemons"].items()},
                    dict(entry["ports"]),
                )
                for name, entry in state.items()
            }
        except FileNotFoundError:
            return {}
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            # Nothing is started or deleted on a guess: there may be processes that only this file knew.
            raise UserError(
                f"{self._state} is damaged, or of another version: {error!r}",
                f"end the processes that `pgrep -f {self.folder}` names, delete the folder, and start anew",
            ) from None

    def up(self, name: str) -> tuple[Running, bool]:
        """Starts what does not run of a service, and waits until it is of use.

        Returns:
            The service, and whether anything was started by this call.

        Raises:
            UserError: it ended at once or is not ready in time; its last log lines are in the message.
        """
        service = SERVICES[name]
        with self._locked():
            known = self.services().get(name) or Running(service, {}, {})
            # It keeps its ports, so that what was exported stays true.
            ports = {**dict(zip(service.ports, free_ports(len(service.ports)))), **known.ports}
            running = dataclasses.replace(known, ports=ports)
            missing = running.missing
            if missing:
                running = self._start(running, missing)
        self._wait_ready(running)
        return running, bool(missing)

    def _start(self, running: Running, processes: list[str]) -> Running:
        """Starts processes of a service, one after the other; each is known to `down` before the next is started."""
        name = running.service.name
        scratch = self.folder / name / "tmp"
        if len(processes) == len(running.service.processes):
            shutil.rmtree(scratch, ignore_errors=True)  # What a killed process has left is of no use to the next.
        scratch.mkdir(parents=True, exist_ok=True)
        commands = running.service.commands(self.folder / name, running.ports)
        for process in processes:
            command = commands[process]
            env = {**java_program_environment(), **command.env}
            daemon = Daemon.start(command.argv, self.log(name, process), env)
            running = dataclasses.replace(running, daemons={**running.daemons, process: daemon})
            self._save({**self.services(), name: running})
        return running

    def down(self, purge: bool = False) -> list[str]:
        """Stops everything, in the reverse order of starting; with `purge` deletes the folder too.

        Returns:
            The names of the services that were running.
        """
        if not self.folder.exists():
            return []
        with self._locked():
            services = self.services()
            stopped = [name for name, running in services.items() if any(d.alive() for d in running.daemons.values())]
            for running in reversed(list(services.values())):
                for process in reversed(running.service.processes):
                    if process in running.daemons:
                        running.daemons[process].stop(running.service.stop_seconds)
            self._save({name: dataclasses.replace(running, daemons={}) for name, running in services.items()})
            if purge:
                shutil.rmtree(self.folder)
        return stopped

    def _wait_ready(self, running: Running) -> None:
        service = running.service
        deadline = time.monotonic() + service.ready_seconds
        while not service.ready(running.ports):
            ended = running.missing
            if ended or time.monotonic() > deadline:
                what = "ended while starting" if ended else f"is not ready after {service.ready_seconds:.0f} s"
                logs = [self.log(service.name, process) for process in ended or service.processes]
                ends = "".join(f"; the end of {log}:\n{_gist(log)}" for log in logs)
                raise UserError(
                    f"{service.name} {what}{ends}",
                    "run `down --purge` and try again when its folder or a port is at fault",
                )
            time.sleep(0.1)

    @property
    def _state(self) -> pathlib.Path:
        return self.folder / "stack.json"

    def _save(self, services: dict[str, Running]) -> None:
        state = {
            name: {"daemons": {p: dataclasses.asdict(d) for p, d in r.daemons.items()}, "ports": r.ports}
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


def _gist(log: pathlib.Path) -> str:
    """The last lines of a log that are no stack frames."""
    lines = [line for line in tail(log, 300).splitlines() if not line.lstrip().startswith(("at ", "... "))]
    return "\n".join(lines[-8:])


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
