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
from collections.abc import Iterable, Iterator, Mapping
from typing import Callable

from flinkblocks.errors import UserError
from flinkblocks.paths import PRODUCT, state_home
from flinkblocks.ports import free_ports, is_free
from flinkblocks.stack.connect import Connect
from flinkblocks.stack.flink import Flink
from flinkblocks.stack.kafka import Kafka
from flinkblocks.stack.postgres import Postgres
from flinkblocks.stack.processes import Daemon, tail
from flinkblocks.stack.running import Running
from flinkblocks.stack.service import Service, Site

# In the order of their start: what another needs comes first.
SERVICES: dict[str, Service] = {service.name: service for service in (Kafka(), Postgres(), Connect(), Flink())}


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
        """What was started here and not taken down, by name in the order of start, alive or not.

        Raises:
            UserError: the file that says so is damaged.
        """
        try:
            state = json.loads(self._state.read_text(encoding="utf-8"))
            sites = self._sites({name: dict(entry["ports"]) for name, entry in state.items()})
            return {
                name: Running(
                    SERVICES[name],
                    {process: Daemon(**d) for process, d in state[name]["daemons"].items()},
                    site,
                )
                for name, site in sites.items()
            }
        except FileNotFoundError:
            return {}
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            # Nothing is started or deleted on a guess: there may be processes that only this file knew.
            raise UserError(
                f"{self._state} is damaged, or of another version: {error!r}",
                f"end the processes that `pgrep -f {self.folder}` names, delete the folder, and start anew",
            ) from None

    def exports(self) -> dict[str, str]:
        """The environment of programs that use its services."""
        return {key: value for running in self.services().values() for key, value in running.exports.items()}

    def up(self, name: str) -> tuple[Running, bool]:
        """Starts what does not run of a service and of those it needs, and waits until it is of use.

        Returns:
            The service, and whether anything of it was started by this call.

        Raises:
            UserError: it ended at once or is not ready in time; its last log lines are in the message.
        """
        return self.up_all([name])[name]

    def up_all(
        self, names: Iterable[str], told: Callable[[Running, bool], None] = lambda running, started: None
    ) -> dict[str, tuple[Running, bool]]:
        """Starts several services at the same time, with those they need, and waits for all.

        Args:
            names: of the services.
            told: called with each service as soon as it is ready, and whether anything of it was started.

        Returns:
            What `told` was told, by name in the order of start.

        Raises:
            UserError: one ended at once or is not ready in time; the others run on.
        """
        wanted = _with_needs(names)
        ups = {}
        with self._locked():
            sites = self._sites(self._with_ports(wanted))
            for name in wanted:
                running = self.services().get(name) or Running(SERVICES[name], {}, sites[name])
                missing = running.missing
                ups[name] = (self._start(running, missing) if missing else running, bool(missing))
        self._wait(ups, told)
        return ups

    def _with_ports(self, wanted: list[str]) -> dict[str, dict[str, int]]:
        """The ports of all services: a service keeps its own, so that what was exported stays true."""
        ports = {name: dict(running.site.ports) for name, running in self.services().items()}
        taken = {port for mapping in ports.values() for port in mapping.values()}
        new = [(name, port) for name in wanted for port in SERVICES[name].ports if port not in ports.get(name, {})]
        # Taken is also what a service will listen on when it has come up.
        fresh = [port for port in free_ports(len(new) + len(taken)) if port not in taken]
        for (name, port), number in zip(new, fresh):
            ports.setdefault(name, {})[port] = number
        return ports

    def _sites(self, ports: Mapping[str, Mapping[str, int]]) -> dict[str, Site]:
        unknown = set(ports) - set(SERVICES)
        if unknown:
            raise LookupError(*unknown)
        sites: dict[str, Site] = {}
        for name in sorted(ports, key=list(SERVICES).index):
            sites[name] = Site(self.folder / name, ports[name], {need: sites[need] for need in SERVICES[name].needs})
        return sites

    def _start(self, running: Running, processes: list[str]) -> Running:
        """Starts processes of a service, one after the other; each is known to `down` before it begins."""
        name, site = running.service.name, running.site
        scratch = site.folder / "tmp"
        if len(processes) == len(running.service.processes):
            running.sweep()
            _check_ports(running)
            shutil.rmtree(scratch, ignore_errors=True)  # What a killed process has left is of no use to the next.
        scratch.mkdir(parents=True, exist_ok=True)
        commands = running.service.commands(site)
        for process in processes:
            with Daemon.starting(commands[process], self.log(name, process)) as daemon:
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
                service = running.service
                for process in reversed(service.processes):
                    if process in running.daemons:
                        running.daemons[process].stop(service.stop_seconds, service.stop_signal)
                running.sweep()
            self._save({name: dataclasses.replace(running, daemons={}) for name, running in services.items()})
            if purge:
                for service in SERVICES.values():
                    service.purge(self.folder / service.name)
                shutil.rmtree(self.folder)
        return stopped

    def _wait(self, ups: dict[str, tuple[Running, bool]], told: Callable[[Running, bool], None]) -> None:
        begin = time.monotonic()
        waiting = dict(ups)
        while waiting:
            for name, (running, started) in list(waiting.items()):
                if running.ready:
                    del waiting[name]
                    told(running, started)
                else:
                    self._check_starting(running, time.monotonic() - begin)
                    running.service.settle(running.site)
            time.sleep(0.1 if waiting else 0)

    def _check_starting(self, running: Running, seconds: float) -> None:
        service = running.service
        ended = running.missing
        if not ended and seconds <= service.ready_seconds:
            return
        what = "ended while starting" if ended else f"is not ready after {service.ready_seconds:.0f} s"
        logs = [self.log(service.name, process) for process in ended or service.processes]
        ends = "".join(f"; the end of {log}:\n{_gist(log)}" for log in logs)
        raise UserError(
            f"{service.name} {what}{ends}",
            "run `down --purge` and try again when its folder or a port is at fault",
        )

    @property
    def _state(self) -> pathlib.Path:
        return self.folder / "stack.json"

    def _save(self, services: dict[str, Running]) -> None:
        state = {
            name: {"daemons": {p: dataclasses.asdict(d) for p, d in r.daemons.items()}, "ports": dict(r.site.ports)}
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


def _with_needs(names: Iterable[str]) -> list[str]:
    """The named services and those they need, in the order of start."""
    wanted = set(names)
    while missing := {need for name in wanted for need in SERVICES[name].needs} - wanted:
        wanted |= missing
    return [name for name in SERVICES if name in wanted]


def _check_ports(running: Running) -> None:
    taken = [str(port) for port in running.site.ports.values() if not is_free(port)]
    if taken:
        raise UserError(
            f"{running.service.name}: another program has port {' and '.join(taken)} by now",
            "end that program, or choose other ports: `down --purge`, then `up`",
        )


def _gist(log: pathlib.Path) -> str:
    """The last lines of a log that are no stack frames."""
    lines = [line for line in tail(log, 300).splitlines() if not line.lstrip().startswith(("at ", "... "))]
    return "\n".join(lines[-8:])


@contextlib.contextmanager
def temporary_stack(folder: pathlib.Path, *names: str) -> Iterator[Stack]:
    """A stack for a test: the named services run inside the block, and nothing is left behind it."""
    stack = Stack(folder)
    try:
        stack.up_all(names)
        yield stack
    finally:
        stack.down(purge=True)
