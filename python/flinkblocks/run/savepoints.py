"""Where a block keeps its state, and what a run can resume from."""

from __future__ import annotations

import contextlib
import pathlib
import re
import shlex
import shutil
import time
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from flinkblocks.errors import UsageError

_METADATA = "_metadata"
_FLAG = "--from-savepoint"
_LOCAL = "file"
_TICK_S = 0.05


def checkpoint_folder(state_path: str) -> str:
    """Where checkpoints go, a folder for each job id."""
    return _below(state_path, "checkpoints")


def savepoint_folder(state_path: str) -> str:
    """Where a stop leaves its savepoint."""
    return _below(state_path, "savepoints")


def drain_folder(state_path: str) -> str:
    """Where a drained job's savepoint goes until it is deleted: nothing can resume from the end of time."""
    return _below(state_path, "drained")


def resolve_savepoint(choice: str, state_path: str) -> str:
    """What --from-savepoint stands for.

    Args:
        choice: a path, or `latest`.
        state_path: the --checkpoint-path of the run.

    Returns:
        The path for Flink's execution.state-recovery.path.

    Raises:
        UsageError: there is nothing to resume from.
    """
    if choice == "latest":
        return latest(state_path)
    path = local_path(choice)
    if path is None:
        return choice  # On a file system that only Flink can look at.
    if path.name == _METADATA:
        path = path.parent
    if not path.exists():
        raise UsageError(f"{_FLAG} {choice}: there is no such folder", "give another path, or latest")
    if not _complete(path):
        raise UsageError(
            f"{_FLAG} {choice}: that is no complete savepoint, it has no {_METADATA}",
            "give a savepoint-… or chk-… folder, or latest",
        )
    return choice


def latest(state_path: str) -> str:
    """The newest complete savepoint or retained checkpoint below a state folder.

    Raises:
        UsageError: there is none.
    """
    root = local_path(state_path)
    if root is None:
        raise UsageError(f"{_FLAG} latest: {state_path} is not on this machine", f"give the path: {_FLAG} PATH")
    found = [
        (_finished(path), _number(path), str(path))
        for pattern in ("savepoints/savepoint-*", "checkpoints/*/chk-*")
        for path in root.glob(pattern)
        if _complete(path)
    ]
    if not found:
        raise UsageError(
            f"{_FLAG} latest: no savepoint and no retained checkpoint in {root}",
            "start without it, or give the --checkpoint-path and --app-name of the run to resume",
        )
    return max(found)[2]


def stopped_savepoint(folder: str, job_id: str) -> str | None:
    """The newest complete savepoint of a job in a folder, None when there is none.

    Flink names a savepoint after the first six digits of the job's id.
    """
    root = local_path(folder)
    paths = root.glob(f"savepoint-{job_id[:6]}-*") if root else []
    found = [(_finished(path), str(path)) for path in paths if _complete(path)]
    return max(found)[1] if found else None


def delete_savepoint(location: str) -> bool:
    """Deletes a savepoint on this machine's disk, and its folder if that is empty then.

    Returns:
        False when it is not on this machine, or cannot be deleted.
    """
    path = local_path(location)
    # What is no savepoint stays, whatever the answer that named it said.
    if path is None or not path.name.startswith("savepoint-"):
        return False
    try:
        shutil.rmtree(path)
    except OSError:
        return False
    with contextlib.suppress(OSError):  # Another one is in it.
        path.parent.rmdir()
    return True


def tidy_checkpoints(state_path: str, job_id: str, patience_s: float = 5.0) -> None:
    """Waits until Flink has deleted the checkpoints of a job that has finished, then deletes their empty folders.

    Flink is at it when the job's result is there already. A process that ended before would leave one behind, and
    `latest` would take up a finished job.

    Args:
        state_path: the --checkpoint-path of the run.
        job_id: Flink's id of the job.
        patience_s: how long to wait; then what is there stays.
    """
    root = local_path(checkpoint_folder(state_path))
    if root is None:
        return
    folder = root / job_id
    deadline = time.monotonic() + patience_s
    while any(folder.glob("chk-*")) and time.monotonic() < deadline:
        time.sleep(_TICK_S)
    for empty in (folder / "shared", folder / "taskowned", folder):
        with contextlib.suppress(OSError):
            empty.rmdir()


def resume_command(command: Sequence[str], savepoint: str) -> str:
    """The command line that continues a run.

    Args:
        command: of the run that ended, flag by flag.
        savepoint: to resume from, or `latest`.
    """
    kept, skip = [], False
    for word in command:
        if not skip and word != _FLAG and not word.startswith(_FLAG + "="):
            kept.append(word)
        skip = not skip and word == _FLAG
    return shlex.join([*kept, _FLAG, savepoint])


def local_path(location: str) -> pathlib.Path | None:
    """A path or file: URI as a path; None for another file system."""
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", location)
    if not scheme:
        return pathlib.Path(location)
    if scheme.group(1).lower() != _LOCAL:
        return None
    return pathlib.Path(unquote(urlsplit(location).path))


def _below(state_path: str, name: str) -> str:
    return state_path.rstrip("/") + "/" + name


def _complete(path: pathlib.Path) -> bool:
    """Flink writes the metadata last."""
    try:
        return (path / _METADATA).stat().st_size > 0
    except OSError:
        return False


def _finished(path: pathlib.Path) -> int:
    try:
        return (path / _METADATA).stat().st_mtime_ns
    except OSError:
        return 0  # Deleted meanwhile, as a running job does with old checkpoints.


def _number(path: pathlib.Path) -> int:
    """Of a checkpoint; of two with the same time the later one counts."""
    digits = re.fullmatch(r"chk-(\d+)", path.name)
    return int(digits.group(1)) if digits else 0
