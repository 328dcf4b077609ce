"""COPIED.json: where each file of a copy came from, and what it was then."""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import subprocess
from dataclasses import dataclass

from flinkblocks.errors import UsageError

FILE = "COPIED.json"
_UNKNOWN = "unknown"


@dataclass(frozen=True)
class Entry:
    """A file of a copy.

    Attributes:
        origin: its path in the repository, or what it was made of.
        sha256: of its content when it was copied.
    """

    origin: str
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What was copied.

    Attributes:
        block: its name.
        commit: of the repository, `unknown` outside git.
        changed: whether files differed from that commit; None outside git.
        files: by their path in the copy.
    """

    block: str
    commit: str
    changed: bool | None
    files: dict[str, Entry]

    def text(self) -> str:
        """The content of COPIED.json."""
        document = {
            "block": self.block,
            "commit": self.commit,
            "uncommitted_changes": self.changed,
            "files": {
                path: {"from": entry.origin, "sha256": entry.sha256} for path, entry in sorted(self.files.items())
            },
        }
        return json.dumps(document, indent=1) + "\n"

    @property
    def version(self) -> str:
        """The commit in words."""
        return f"commit {self.commit[:12]}{' with uncommitted changes' if self.changed else ''}"


def sha256(content: bytes) -> str:
    """The checksum as it stands in the manifest."""
    return hashlib.sha256(content).hexdigest()


def read(folder: pathlib.Path) -> Manifest:
    """The manifest of a copy.

    Raises:
        UsageError: the folder is none, or has no manifest or a damaged one.
    """
    file = folder / FILE
    try:
        if not folder.is_dir():
            raise UsageError(f"--diff: {folder} is no folder", "name the one that --to made")
        document = json.loads(file.read_bytes())
        return Manifest(
            block=_as(str, document["block"]),
            commit=_as(str, document["commit"]),
            changed=document["uncommitted_changes"],
            files={
                _inside(path): Entry(_as(str, entry["from"]), _as(str, entry["sha256"]))
                for path, entry in document["files"].items()
            },
        )
    except FileNotFoundError:
        raise UsageError(
            f"--diff: {folder} has no {FILE}, so it is no copy", "name the folder that --to made"
        ) from None
    except OSError as error:
        raise UsageError(f"--diff: cannot read {file}: {error.strerror}", "make it readable for you") from None
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        cure = "restore it from the copy's version control, or copy the block anew and compare the two folders"
        raise UsageError(f"--diff: {file} is damaged: {type(error).__name__}: {error}", cure) from None


def _as(kind: type, value: object) -> str:
    if not isinstance(value, kind):
        raise ValueError(f"{value!r} is no {kind.__name__}")
    return value


def _inside(path: str) -> str:
    """A path of the manifest, which lies in the copy."""
    if os.path.isabs(path) or ".." in pathlib.PurePosixPath(path).parts:
        raise ValueError(f"{path!r} is not in the copy")
    return path


def git_state(repository: pathlib.Path) -> tuple[str, bool | None]:
    """The commit of a repository and whether its files differ from that; `unknown` and None outside git."""
    try:
        return _git(repository, "rev-parse", "HEAD").strip(), bool(_git(repository, "status", "--porcelain").strip())
    except (OSError, subprocess.CalledProcessError):
        return _UNKNOWN, None


def _git(repository: pathlib.Path, *args: str) -> str:
    # Without optional locks a status writes nothing.
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    done = subprocess.run(
        ["git", "-C", str(repository), *args], check=True, capture_output=True, text=True, env=environment
    )
    return done.stdout
