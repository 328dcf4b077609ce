"""What a block has around its job, where that is more than all blocks have."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flinkblocks.console import Check, Face
from flinkblocks.run import RunOptions

if TYPE_CHECKING:
    from flinkblocks.core.block import Block
    from flinkblocks.core.session import Session


class Around:
    """The surroundings of a block that needs Flink, and Kafka if the flags name one; others override."""

    def instead(self, block: Block, flags: Any, argv: Sequence[str], face: Face) -> int | None:
        """Does what the flags ask for in place of a run.

        Args:
            block: whose surroundings these are.
            flags: of the run.
            argv: the command line.
            face: of the console.

        Returns:
            The exit code; None when there is a run to make.
        """
        return None

    def checks(self, flags: Any) -> Iterable[Check]:
        """Looks at what the run needs, before there is a JVM; each check is made when it is asked for."""
        return ()

    def settings(self, flags: Any) -> Mapping[str, Any]:
        """Settings of the Java core that are not, or not as they are, flags; None unsets one."""
        return {}

    def prepare(self, session: Session, flags: Any, face: Face) -> None:
        """Looks at, and makes ready, what the job will talk to; raises UserError when it cannot be."""
        if found := session.jvm.io.flinkblocks.job.Preflight.kafka(session.settings):
            face.check(Check("Kafka", True, found))

    @contextlib.contextmanager
    def watching(self, flags: Any, options: RunOptions) -> Iterator[RunOptions]:
        """Inside, the job runs; gives what run control has to know.

        Args:
            flags: of the run.
            options: as they are for every block.
        """
        yield options
