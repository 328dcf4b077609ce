"""The user's folders."""

from __future__ import annotations

import os
from collections.abc import Mapping

#: The folder of ours in the user's state folder.
PRODUCT = "flink-building-blocks"


def state_home(env: Mapping[str, str]) -> str:
    """Where programs keep what should survive a restart (XDG base directory specification).

    Args:
        env: the environment.
    """
    return env.get("XDG_STATE_HOME") or os.path.join(env.get("HOME") or os.path.expanduser("~"), ".local", "state")
