"""How far into the input a set of results reaches: for tests that ask whether several outputs stand at one point."""

from __future__ import annotations

import bisect
import collections
import json
from collections.abc import Iterable, Mapping, Sequence

from flinkblocks.testing.hostile import Line

_WATERMARK_STEP_MS = 100


class Prefixes:
    """One partition's records, and which results each prefix of them brings about."""

    def __init__(
        self, records: Sequence[Line], results: Mapping[str, Iterable[bytes]], session_timeout_ms: int, bound_ms: int
    ):
        """Works out for each result how many records must have been read for it.

        Args:
            records: in the order of the partition.
            results: all that come of them, by output.
            session_timeout_ms: of user-sessions.
            bound_ms: the disorder bound that the watermark allows for.
        """
        self._watermarks = _watermarks(records, bound_ms)
        self._positions = {_name(r.event): n for n, r in enumerate(records, 1) if r.event}
        self._timeout = session_timeout_ms
        self._results = {
            output: {r: self._needed(output, json.loads(r)) for r in some} for output, some in results.items()
        }

    def problems(self, found: Mapping[str, Iterable[bytes]]) -> list[str]:
        """Why these results of all outputs are not those of one and the same prefix; empty when they are."""
        problems, least, most = [], {}, {}
        for output, needed in self._results.items():
            counts = collections.Counter(found[output])
            strange = [r for r, times in counts.items() if times > 1 or r not in needed]
            if strange:
                problems.append(f"{output}: doubled or wrong: {strange[:3]!r}")
            least[output] = max((needed[r] for r in counts if r in needed), default=0)
            most[output] = min((n for r, n in needed.items() if r not in counts), default=len(self._watermarks) + 1) - 1
        if not problems and max(least.values()) > min(most.values()):
            problems.append(f"not of one prefix: records read at least {least}, at most {most}")
        return problems

    def _needed(self, output: str, result: dict) -> int:
        if output == "high-value-transactions":
            return self._positions[_name(result)]
        time = {
            "revenue-metrics": lambda: result["window_end"] - 1,
            "analytics-results": lambda: result["window_end"] - 1,
            "user-sessions": lambda: result["session_end"] + self._timeout,
            "fraud-alerts": lambda: result["timestamp"],
        }[output]()
        return bisect.bisect_left(self._watermarks, time) + 1


def _name(event: dict) -> tuple:
    """Tells an event from all others; its id alone does not."""
    return tuple(event[field] for field in ("timestamp", "event_id", "user_id", "product_id"))


def _watermarks(records: Sequence[Line], bound_ms: int) -> list[int]:
    """The watermark after each record."""
    found, watermark, newest = [], -1, -1
    for record in records:
        if record.event:
            newest = max(newest, record.timestamp)
            if (newest - bound_ms - 1) // _WATERMARK_STEP_MS > watermark // _WATERMARK_STEP_MS:
                watermark = newest - bound_ms - 1
        found.append(watermark)
    return found
