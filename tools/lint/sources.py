"""The source files of the project, by language."""

from __future__ import annotations

from pathlib import Path

from python.runfiles import runfiles

SHELLS = ("#!/bin/sh", "#!/usr/bin/env bash", "#!/bin/bash")


def runfile(path: str) -> Path:
    """A file of the runfiles.

    Args:
        path: with the repository by its name in MODULE.bazel, as `sources/root.txt`, or `_main`.

    Raises:
        FileNotFoundError: it is not among the runfiles.
    """
    location = runfiles.Create().Rlocation(path, source_repo="")
    if not location or not Path(location).exists():
        raise FileNotFoundError(path)
    return Path(location)


class Sources:
    """The source tree as the repository rule `sources` found it."""

    def __init__(self, root: Path, files: list[Path]) -> None:
        """Takes the root of the tree and its files, relative to that."""
        self.root = root
        self.files = files

    def with_suffix(self, *suffixes: str) -> list[Path]:
        """The files whose names end in one of the suffixes."""
        return [file for file in self.files if file.name.endswith(suffixes)]

    def starlark(self) -> list[Path]:
        """What buildifier formats."""
        return [file for file in self.files if file.name in ("BUILD.bazel", "MODULE.bazel") or file.suffix == ".bzl"]

    def shell(self) -> list[Path]:
        """Shell scripts, most of which have no suffix."""
        return [file for file in self.files if file.suffix == ".sh" or self._first_line(file).startswith(SHELLS)]

    def text(self) -> dict[Path, str]:
        """Content of every file that is text."""
        contents = {}
        for file in self.files:
            data = (self.root / file).read_bytes()
            if b"\0" not in data:
                contents[file] = data.decode(errors="replace")
        return contents

    def _first_line(self, file: Path) -> str:
        with (self.root / file).open("rb") as lines:
            return lines.readline(100).decode(errors="replace")


def load() -> Sources:
    """Reads the list that Bazel keeps."""
    lines = runfile("sources/checksums.txt").read_text().splitlines()
    root = Path(runfile("sources/root.txt").read_text().strip())
    return Sources(root, [Path(line.split("  ./", 1)[1]) for line in lines])
