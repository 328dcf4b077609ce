"""Run control: follows a job to its end, stops it cleanly, and finds what to resume from."""

from flinkblocks.run.follow import follow
from flinkblocks.run.options import Outcome, RunOptions
from flinkblocks.run.savepoints import (
    checkpoint_folder,
    resolve_savepoint,
    resume_command,
    savepoint_folder,
)

__all__ = [
    "Outcome",
    "RunOptions",
    "checkpoint_folder",
    "follow",
    "resolve_savepoint",
    "resume_command",
    "savepoint_folder",
]
