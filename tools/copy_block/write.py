"""Writes a copy: all of it, or nothing."""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping

from flinkblocks.errors import UsageError, UserError
from tools.copy_block.manifest import FILE, Manifest
from tools.copy_block.plan import Piece


def check_target(folder: pathlib.Path, repository: pathlib.Path) -> None:
    """Refuses a folder that cannot be the copy's.

    Raises:
        UsageError: it is a file, holds something, or lies in the repository.
    """
    with _told(folder):
        if folder.resolve().is_relative_to(repository.resolve()):
            raise UsageError(f"--to: {folder} lies in the repository", "name a folder outside it")
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"--to: {folder} is a file", "name a folder that is empty or not there yet")
        if folder.exists() and any(folder.iterdir()):
            raise UsageError(f"--to: {folder} is not empty", "name a folder that is empty or not there yet")


def write(folder: pathlib.Path, pieces: Mapping[str, Piece], manifest: Manifest) -> None:
    """Writes the files beside the folder, and moves them there when all are complete.

    Raises:
        UserError: they cannot be written; nothing is left of them.
    """
    folder = folder.resolve()
    with _told(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = pathlib.Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            # One folder deeper: the scratch folder itself is closed to everybody else.
            whole = scratch / folder.name
            whole.mkdir()
            for path, piece in pieces.items():
                _write(whole / path, piece)
            (whole / FILE).write_text(manifest.text(), encoding="utf-8")
            whole.rename(folder)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _write(file: pathlib.Path, piece: Piece) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(piece.content)
    if piece.executable:
        readable = file.stat().st_mode & 0o444
        os.chmod(file, file.stat().st_mode | readable >> 2)


@contextlib.contextmanager
def _told(folder: pathlib.Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(f"--to: cannot write {folder}: {reason}", "name a folder that you may write") from error
