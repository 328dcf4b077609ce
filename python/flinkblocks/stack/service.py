"""What the stack has to know of one of its services."""

from __future__ import annotations

import abc
import dataclasses
import pathlib
import signal
from collections.abc import Mapping, Sequence


@dataclasses.dataclass(frozen=True)
class Account:
    """A user of the machine, by numbers."""

    uid: int
    gid: int


@dataclasses.dataclass(frozen=True)
class Command:
    """How a process is run.

    Attributes:
        argv: its command line, which every user of the machine can read: no place for secrets.
        env: its whole environment.
        account: the user that it runs as, when that is not the present one.
    """

    argv: Sequence[str]
    env: Mapping[str, str]
    account: Account | None = None


@dataclasses.dataclass(frozen=True)
class Site:
    """Where a service of a stack lives.

    Attributes:
        folder: its own; `tmp` in it is there, and emptied before the service is started.
        ports: by name.
        needs: the sites of the services that it needs, by name.
    """

    folder: pathlib.Path
    ports: Mapping[str, int]
    needs: Mapping[str, Site] = dataclasses.field(default_factory=dict)


class Service(abc.ABC):
    """One service of the local stack: how it is run, and when it is of use."""

    #: The name on the command line and of its folder.
    name: str
    #: Names of its processes, in the order of their start.
    processes: tuple[str, ...]
    #: Names of the ports it listens on.
    ports: tuple[str, ...]
    #: Names of the services that it cannot do without.
    needs: tuple[str, ...] = ()
    #: What asks one of its processes to stop.
    stop_signal = signal.SIGTERM
    #: How long each process may take to stop, seconds, before it is killed.
    stop_seconds: float
    #: How long it may take until a client can use it, seconds.
    ready_seconds = 120.0

    @abc.abstractmethod
    def commands(self, site: Site) -> dict[str, Command]:
        """Writes what it needs into its folder; returns how each of its processes is run."""

    @abc.abstractmethod
    def ready(self, site: Site) -> bool:
        """Whether a client can really use it now."""

    @abc.abstractmethod
    def address(self, site: Site) -> str:
        """Where clients find it."""

    @abc.abstractmethod
    def exports(self, site: Site) -> dict[str, str]:
        """Environment variables that point the blocks at it: no place for secrets."""

    def settle(self, site: Site) -> None:  # noqa: B027, most services have nothing to do here
        """Sets up what it holds, as far as it can already; called again and again while it is not ready."""

    def sweep(self, folder: pathlib.Path) -> None:  # noqa: B027
        """Ends what processes of it that were killed have left running; none of its own runs when it is called."""

    def purge(self, folder: pathlib.Path) -> None:  # noqa: B027
        """Deletes what it keeps outside its folder."""


def jvm_flags(site: Site) -> list[str]:
    """What a `java_binary` is told first: temporary files belong into the service's folder."""
    return [f"--jvm_flag=-Djava.io.tmpdir={site.folder / 'tmp'}"]
