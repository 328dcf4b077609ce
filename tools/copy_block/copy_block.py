"""Starts flinkblocks' copying of blocks on the source tree that `bazel run` was called in; see cli.py."""

from __future__ import annotations

import os
import pathlib
import sys

from flinkblocks.errors import UsageError, report
from flinkblocks.runtime import runfile
from tools.copy_block import graph
from tools.copy_block.cli import Repository, main


def repository(root: str) -> Repository:
    """The repository with a source tree, and what this build says of it.

    Args:
        root: of the source tree.
    """
    tables = pathlib.Path(runfile("tools/copy_block/graph.json")).parent
    flag_tables = {
        name: pathlib.Path(runfile(f"{graph.package(block.flag_table)}/{name}.flags.json"))
        for name, block in graph.blocks(pathlib.Path(runfile("tools/copy_block/blocks.json"))).items()
    }
    return Repository(pathlib.Path(root), tables, flag_tables)


if __name__ == "__main__":
    workspace = os.environ.get("BUILD_WORKSPACE_DIRECTORY")
    if not workspace:
        error = UsageError("there is no source tree to copy from", "start it with: bazel run //tools:copy_block -- …")
        report(error)
        sys.exit(error.exit_code)
    sys.exit(main(repository(workspace)))
