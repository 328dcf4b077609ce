"""A service that was started."""

from __future__ import annotations

import dataclasses

from flinkblocks.stack.processes import Daemon
from flinkblocks.stack.service import Service, Site


@dataclasses.dataclass(frozen=True)
class Running:
    """A service as it was started: its processes and the ports it keeps over restarts.

    Attributes:
        service: which one.
        daemons: its processes by name; none of one that was taken down.
        site: its folder and ports.
    """

    service: Service
    daemons: dict[str, Daemon]
    site: Site

    @property
    def alive(self) -> bool:
        """Whether all its processes run."""
        return not self.missing

    @property
    def missing(self) -> list[str]:
        """Names of the processes that do not run."""
        return [name for name in self.service.processes if not (name in self.daemons and self.daemons[name].alive())]

    @property
    def ready(self) -> bool:
        """Whether a client can really use it now."""
        return self.service.ready(self.site)

    @property
    def address(self) -> str:
        """Where clients find it."""
        return self.service.address(self.site)

    @property
    def exports(self) -> dict[str, str]:
        """Environment variables that point the blocks at it."""
        return self.service.exports(self.site)

    def sweep(self) -> None:
        """Ends what killed processes have left running, when none of its own runs."""
        if len(self.missing) == len(self.service.processes):
            self.service.sweep(self.site.folder)
