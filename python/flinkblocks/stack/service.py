"""What the stack has to know of one of its services."""

from __future__ import annotations

import abc
import pathlib


class Service(abc.ABC):
    """One process of the local stack: how it is run, and when it is of use."""

    #: The name on the command line and of its folder.
    name: str
    #: Names of the ports it listens on.
    ports: tuple[str, ...]
    #: How long it may take to stop, seconds, before it is killed.
    stop_seconds: float

    @abc.abstractmethod
    def command(self, folder: pathlib.Path, ports: dict[str, int]) -> list[str]:
        """Writes what it needs into `folder`; returns the command line to run there."""

    @abc.abstractmethod
    def ready(self, ports: dict[str, int]) -> bool:
        """Whether a client can really use it now."""

    @abc.abstractmethod
    def address(self, ports: dict[str, int]) -> str:
        """Where clients find it."""

    @abc.abstractmethod
    def exports(self, ports: dict[str, int]) -> dict[str, str]:
        """Environment variables that point the blocks at it."""
