"""The analyses on PyFlink: thin operators around `flinkblocks.logic`, between adapters of the Java core."""

from flinkblocks.engine.events import PythonEvents

__all__ = ["PythonEvents"]
