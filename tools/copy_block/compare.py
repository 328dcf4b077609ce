"""What moved since a block was copied."""

from __future__ import annotations

import difflib
import enum
import pathlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flinkblocks.errors import UsageError
from tools.copy_block.manifest import Manifest, sha256
from tools.copy_block.plan import Piece


class State(enum.Enum):
    """What became of a file."""

    SAME = "unchanged"
    COPY = "changed in the copy"
    REPOSITORY = "moved on in the repository"
    BOTH = "changed in both"
    DELETED = "deleted from the copy"
    GONE = "gone from the repository"
    NEW = "new in the repository"


@dataclass(frozen=True)
class Change:
    """A file of the copy or of the repository's present version of it.

    Attributes:
        path: below the copy.
        origin: where it comes from.
        state: what became of it.
        ours: its present content in the copy, None when it is not there.
        theirs: what a copy made now would have.
    """

    path: str
    origin: str
    state: State
    ours: bytes | None
    theirs: bytes | None

    def patch(self) -> list[str]:
        """Lines of a unified diff: what was done in the copy, else what would bring the copy up to date."""
        before, after = ("copy", self.ours), ("repository", self.theirs)
        if self.state in (State.COPY, State.DELETED):
            before, after = after, before
        try:
            old, new = ((content or b"").decode().splitlines() for _, content in (before, after))
        except UnicodeDecodeError:
            return [f"{self.path}: the two are no text"]
        names = ["/dev/null" if content is None else f"{side}/{self.path}" for side, content in (before, after)]
        return list(difflib.unified_diff(old, new, *names, lineterm="")) or [f"{self.path}: no line differs"]


def compare(folder: pathlib.Path, then: Manifest, now: Mapping[str, Piece]) -> Iterator[Change]:
    """Compares a copy with what it was and with what it would be now, file by file.

    Args:
        folder: of the copy.
        then: its manifest.
        now: the pieces of a copy made now, by path.

    Raises:
        UsageError: a file of the copy cannot be read.
    """
    for path in sorted({*then.files, *now}):
        ours = _content(folder / path)
        theirs = now[path].content if path in now else None
        copied = then.files[path].sha256 if path in then.files else None
        origin = now[path].origin if path in now else then.files[path].origin
        yield Change(path, origin, _state(_digest(ours), copied, _digest(theirs)), ours, theirs)


def _content(file: pathlib.Path) -> bytes | None:
    try:
        return file.read_bytes()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(f"--diff: cannot read {file}: {error.strerror}", "make it readable for you") from None


def _digest(content: bytes | None) -> str | None:
    return None if content is None else sha256(content)


def _state(ours: str | None, copied: str | None, theirs: str | None) -> State:
    """What became of a file of three versions, each None where it is not there."""
    if ours == theirs:
        return State.SAME  # Also when both went the same way: then it has been taken over.
    if copied is None:
        return State.NEW if ours is None else State.BOTH
    if theirs is None:
        return State.GONE
    if ours is None:
        return State.DELETED
    if ours == copied:
        return State.REPOSITORY
    return State.COPY if theirs == copied else State.BOTH
