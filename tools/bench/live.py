"""cdc_processing beside what it reads from and writes to, for those who measure it."""

from __future__ import annotations

import contextlib
import pathlib
import subprocess
from collections.abc import Iterator

import psycopg2
from psycopg2.extensions import connection as Connection

from flinkblocks.runtime import java_program_environment, runfile
from flinkblocks.stack import Stack, temporary_stack
from flinkblocks.testing.block_process import BlockProcess

_BLOCK = "flink/python/cdc_processing"
_WORKLOAD = "python/flinkblocks/shop/workload"
_PATIENCE_S = 120.0


class Live:
    """A stack with a source and an analytics database.

    Attributes:
        stack: with Kafka, PostgreSQL and Connect.
    """

    def __init__(self, stack: Stack, folder: pathlib.Path):
        """Creates the source's tables.

        Args:
            stack: runs already.
            folder: for the block's state and logs.
        """
        self.stack, self._folder = stack, folder
        self._exports = stack.exports()
        work = self.workload("--schema", "--users", 0, "--products", 0, "--changes", 0)
        said = work.communicate(timeout=_PATIENCE_S)[1]
        assert work.returncode == 0, said

    def block(self, *flags: object) -> BlockProcess:
        """Starts the block, until it is told to stop."""
        return BlockProcess(_BLOCK, self._folder / "home", "--duration", 0, *flags, env=self._exports)

    def workload(self, *flags: object) -> subprocess.Popen[str]:
        """Starts the workload; what it says goes to a pipe."""
        return subprocess.Popen(
            [runfile(_WORKLOAD), *map(str, flags)], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env={**java_program_environment(), **self._exports},
        )  # fmt: skip

    def connect(self, which: str) -> Connection:
        """A connection where each statement is a transaction.

        Args:
            which: SOURCE or ANALYTICS.
        """
        password = pathlib.Path(self._exports[f"{which}_POSTGRES_PASSWORD_FILE"]).read_text(encoding="utf-8")
        url, user = self._exports[f"{which}_POSTGRES_URL"], self._exports[f"{which}_POSTGRES_USER"]
        found = psycopg2.connect(url, user=user, password=password)
        found.autocommit = True
        return found


@contextlib.contextmanager
def live(folder: pathlib.Path) -> Iterator[Live]:
    """Starts a stack of its own; at the end nothing of it runs."""
    with temporary_stack(folder / "stack", "kafka", "postgres", "connect") as stack:
        yield Live(stack, folder)
