"""What the stack has to know of one of its services."""

from __future__ import annotations

import abc
import dataclasses
import pathlib
from collections.abc import Mapping, Sequence


@dataclasses.dataclass(frozen=True)
class Command:
    """How a process is run.

    Attributes:
        argv: its command line.
        env: variables of its environment beside those of the user's.
    """

    argv: Sequence[str]
    env: Mapping[str, str] = dataclasses.field(default_factory=dict)


class Service(abc.ABC):
    """One service of the local stack: how it is run, and when it is of use."""

    #: The name on the command line and of its folder.
    name: str
    #: Names of its processes, in the order of their start.
    processes: tuple[str, ...]
    #: Names of the ports it listens on.
    ports: tuple[str, ...]
    #: How long each process may take to stop, seconds, before it is killed.
    stop_seconds: float
    #: How long it may take until a client can use it, seconds.
    ready_seconds = 60.0

    @abc.abstractmethod
    def commands(self, folder: pathlib.Path, ports: dict[str, int]) -> dict[str, Command]:
        """Writes what it needs into `folder`; returns how each of its processes is run.

        Args:
            folder: the service's own; `tmp` in it is there, and emptied before the service is started.
            ports: by name.
        """

    @abc.abstractmethod
    def ready(self, ports: dict[str, int]) -> bool:
        """Whether a client can really use it now."""

    @abc.abstractmethod
    def address(self, ports: dict[str, int]) -> str:
        """Where clients find it."""

    @abc.abstractmethod
    def exports(self, ports: dict[str, int]) -> dict[str, str]:
        """Environment variables that point the blocks at it."""
