"""What the analyses of shop events compute, in plain Python: no engine, whole numbers, one key at a time."""

from flinkblocks.logic.events import Event
from flinkblocks.logic.keyed import Analysis, Key
from flinkblocks.logic.records import Count, Outcome, Record

__all__ = ["Analysis", "Count", "Event", "Key", "Outcome", "Record"]
