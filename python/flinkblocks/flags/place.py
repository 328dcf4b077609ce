"""The folders that relative paths and defaults start from."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from flinkblocks.paths import state_home

_URI = re.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*", re.DOTALL)


@dataclass(frozen=True)
class Place:
    """Where a program was started.

    Attributes:
        folder: the working folder of whoever started it.
        home: the user's home folder.
        state_home: where programs keep what should survive a restart.
    """

    folder: str
    home: str
    state_home: str

    @classmethod
    def of(cls, env: Mapping[str, str]) -> Place:
        """The place that an environment describes."""
        home = env.get("HOME") or os.path.expanduser("~")
        return cls(
            # `bazel run` starts programs elsewhere, and says where it was started itself.
            folder=env.get("BUILD_WORKING_DIRECTORY") or os.getcwd(),
            home=home,
            state_home=state_home(env),
        )

    def absolute(self, path: str) -> str:
        """An absolute path without `.` and `..`; a URI stays as it is."""
        if _URI.fullmatch(path):
            return path
        if path == "~" or path.startswith("~/"):
            path = self.home + path[1:]
        # One slash in front: normpath leaves two as they are.
        return os.path.normpath("/" + os.path.join(self.folder, path).lstrip("/"))
