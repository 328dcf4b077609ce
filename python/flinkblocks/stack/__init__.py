"""The local stack: real services for development and integration tests, without Docker.

Public: `Stack`, `temporary_stack`, `SERVICES`; the command line is `//tools:stack`.
"""

from flinkblocks.stack.running import Running
from flinkblocks.stack.stack import SERVICES, Stack, temporary_stack

__all__ = ["SERVICES", "Running", "Stack", "temporary_stack"]
