"""Drives an analysis without an engine: events with their watermarks, callbacks as late as one likes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from flinkblocks.logic import Analysis, Count, Event, Key, Record

END = 2**63 - 1


def event(timestamp: int, **changed: object) -> Event:
    """A purchase of 10.00; whatever is named is different."""
    names = dict.fromkeys(("event_id", "user_id", "session_id", "product_id", "category"), "x")
    values = {
        **names, "action": "purchase", "ip_address": None, "amount": 10_000_000, "timestamp": timestamp,
        "watermark": -1, "closed": -1, "price": 10_000_000, **changed,
    }  # fmt: skip
    return Event(**{"raw": json.dumps({"id": values["event_id"], "t": timestamp}), **values})


class Driver:
    """An engine of a few lines.

    Attributes:
        records: what came out, in order.
        counts: the accounts.
        keys: the keys with a state.
    """

    def __init__(self, analysis: Analysis, calls_back: Callable[[], bool] = lambda: True):
        """Drives an analysis.

        Args:
            analysis: the logic.
            calls_back: whether keys are called back at once when the watermark has moved; those that are not see the
                watermark with their next event, or at the end.
        """
        self.records: list[Record] = []
        self.counts = dict.fromkeys(analysis.counts, 0)
        self.keys: dict[str, Key] = {}
        self.watermark = -1
        self._analysis = analysis
        self._calls_back = calls_back

    def send(self, *events: Event) -> Driver:
        """Takes in events, at the watermark of this moment."""
        for arrived in events:
            closed = self.watermark - self._analysis.allowed_lateness
            stamped = arrived._replace(watermark=self.watermark, closed=closed)
            if not self._analysis.is_relevant(stamped):
                self.counts["not-relevant"] += 1
                continue
            name = getattr(stamped, self._analysis.key)
            key = self.keys.setdefault(name, Key(self._analysis))
            self._take(key.take(stamped))
            self._forget(name)
        return self

    def advance(self, watermark: int) -> Driver:
        """Moves the watermark, at the end all keys are called back."""
        self.watermark = max(self.watermark, watermark)
        for name, key in list(self.keys.items()):
            while key.next_time is not None and key.next_time <= watermark and (watermark == END or self._calls_back()):
                self._take(key.advance(self.watermark))
            self._forget(name)
        return self

    def take(self) -> list[dict]:
        """The records since the last time, as JSON."""
        found = [json.loads(r.value) for r in self.records]
        self.records.clear()
        return found

    def _take(self, outcomes: Iterable[object]) -> None:
        for outcome in outcomes:
            if isinstance(outcome, Count):
                self.counts[outcome.name] += outcome.number
            else:
                self.records.append(outcome)

    def _forget(self, name: str) -> None:
        if self.keys[name].state is None:
            del self.keys[name]
