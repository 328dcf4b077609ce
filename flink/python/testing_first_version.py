"""streaming_analytics as it was before it computed anything: the first version of an upgrade, for tests."""

from __future__ import annotations

import sys

from flinkblocks.core.block import Block
from streaming_analytics import StreamingAnalyticsFlags


def define_workflow(env, source, sinks, flags) -> None:
    """Only sorts out the dead letters."""
    sinks.write(source(env).dead_letters)


BLOCK = Block(StreamingAnalyticsFlags, results=(), define_workflow=define_workflow)

if __name__ == "__main__":
    sys.exit(BLOCK.run())
