"""Reading what a run has written to files."""

from __future__ import annotations

import pathlib


def read_output(folder: pathlib.Path, output: str) -> list[bytes]:
    """The committed records of an output below an output folder, in no order.

    A hidden file is one that was never committed: a process that was killed leaves it behind.
    """
    files = sorted(file for file in pathlib.Path(folder, output).iterdir() if not file.name.startswith("."))
    return [line for file in files for line in file.read_bytes().splitlines()]


def read_outputs(folder: pathlib.Path) -> dict[str, list[bytes]]:
    """The committed records of all outputs, sorted."""
    return {d.name: sorted(read_output(folder, d.name)) for d in pathlib.Path(folder).iterdir() if d.is_dir()}
