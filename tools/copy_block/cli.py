"""`bazel run //tools:copy_block -- BLOCK --to DIR`, and `-- --diff DIR` later."""

from __future__ import annotations

import argparse
import collections
import os
import pathlib
import sys
from dataclasses import dataclass
from typing import NoReturn

from flinkblocks.errors import UsageError, main_guard
from tools.copy_block import manifest
from tools.copy_block.compare import State, compare
from tools.copy_block.graph import Block, Graph, blocks
from tools.copy_block.manifest import Entry, Manifest
from tools.copy_block.plan import Piece, Plan
from tools.copy_block.write import check_target, write

_MOVED = 1


@dataclass(frozen=True)
class Repository:
    """What is copied from.

    Attributes:
        root: of the source tree.
        tables: the folder with what the build says: blocks.json, graph.json.
        flag_tables: by name of the block.
    """

    root: pathlib.Path
    tables: pathlib.Path
    flag_tables: dict[str, pathlib.Path]

    def blocks(self) -> dict[str, Block]:
        """Those that can be copied."""
        return blocks(self.tables / "blocks.json")

    def pieces(self, block: Block) -> dict[str, Piece]:
        """The files of a copy made now."""
        contents = Graph.read(self.tables / "graph.json").contents(block)
        return Plan(self.root, block, contents, self.flag_tables[block.name]).pieces()


class _Parser(argparse.ArgumentParser):
    """Tells of a mistake in one line."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, "--help shows how it is called")


def _parser(known: list[str]) -> argparse.ArgumentParser:
    parser = _Parser(
        prog="copy_block",
        allow_abbrev=False,
        description="Copies a block into a project of its own, which needs pip and Maven and no Bazel; "
        "later shows what has moved on either side.",
        epilog="Exit code: 0 copied, or nothing moved; 1 something moved, or it failed; 2 for a wrong command line.",
    )
    parser.add_argument("block", nargs="?", metavar="BLOCK", help=f"of {', '.join(known)}; a copy knows its own")
    parser.add_argument("--to", metavar="DIR", help="make the project here: a folder that is empty or not there yet")
    parser.add_argument("--diff", metavar="DIR", help="compare the project here with the repository as it is now")
    parser.add_argument("--brief", action="store_true", help="with --diff: name the files only (default: show diffs)")
    # main_guard looks at it.
    parser.add_argument("--verbose", action="store_true", help="show the stack trace of an error (default: one line)")
    return parser


def _known(name: str, known: dict[str, Block]) -> Block:
    if name not in known:
        raise UsageError(f"there is no block {name!r}", f"name one of: {', '.join(known)}")
    return known[name]


def _folder(text: str) -> pathlib.Path:
    """A path as the user meant it: `bazel run` starts programs in a folder of its own."""
    if not text:
        raise UsageError("the folder's name is empty", "name one")
    return pathlib.Path(os.environ.get("BUILD_WORKING_DIRECTORY", "."), os.path.expanduser(text)).absolute()


def _copy(repository: Repository, block: Block, folder: pathlib.Path) -> int:
    check_target(folder, repository.root)
    pieces = repository.pieces(block)
    commit, changed = manifest.git_state(repository.root)
    copied = {path: Entry(piece.origin, manifest.sha256(piece.content)) for path, piece in pieces.items()}
    write(folder, pieces, Manifest(block.name, commit, changed, copied))
    print(f"{block.name}: {len(pieces)} files in {folder}; its README.md says how to set it up")
    return 0


def _diff(repository: Repository, name: str | None, folder: pathlib.Path, brief: bool) -> int:
    then = manifest.read(folder)
    if name and name != then.block:
        raise UsageError(f"--diff: {folder} is a copy of {then.block}, not of {name}", "leave the block's name out")
    block = _known(then.block, repository.blocks())
    changes = list(compare(folder, then, repository.pieces(block)))
    moved = [change for change in changes if change.state is not State.SAME]
    counts = collections.Counter(change.state for change in changes)
    found = ", ".join(f"{counts[state]} {state.value}" for state in State if counts[state])
    print(f"{then.block}, copied at {then.version}: {found}")
    for change in moved:
        whence = "" if change.origin == change.path else f"    (from {change.origin})"
        print(f"  {change.state.value:<27} {change.path}{whence}")
    if moved and not brief:
        print("\nBelow: what was done in the copy, and for all other files what would bring the copy up to date.")
        for change in moved:
            print(f"\n{change.path}: {change.state.value}")
            print("\n".join(change.patch()))
    return _MOVED if moved else 0


def run(repository: Repository, argv: list[str]) -> int:
    """Does what a command line says; returns the exit code.

    Raises:
        UserError: it cannot.
    """
    known = repository.blocks()
    args = _parser(list(known)).parse_args(argv)
    if (args.to is None) == (args.diff is None):
        raise UsageError("exactly one of --to DIR and --diff DIR is needed", "--help shows how it is called")
    if args.diff is not None:
        return _diff(repository, args.block, _folder(args.diff), args.brief)
    if args.block is None:
        raise UsageError("which block?", f"name one of: {', '.join(known)}")
    return _copy(repository, _known(args.block, known), _folder(args.to))


def main(repository: Repository) -> int:
    """Runs the command line of the process with errors in one line."""
    try:
        code = main_guard(lambda argv: run(repository, argv))()
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
