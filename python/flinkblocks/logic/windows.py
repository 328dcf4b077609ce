"""Tumbling and sliding windows of event time over the events of one key."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, ClassVar, Optional, Protocol, TypeVar

from flinkblocks.logic.events import Event
from flinkblocks.logic.records import PARTIAL, USED, Outcome, Record, too_late

A = TypeVar("A")


class Aggregator(Protocol[A]):
    """What is computed of a window; its result depends on the events alone, not on their order."""

    output: str
    key: str

    def is_relevant(self, event: Event) -> bool:
        """Whether it counts."""

    def create(self) -> A:
        """An accumulator of no events."""

    def add(self, event: Event, accumulator: A) -> None:
        """Adds an event."""

    def merge(self, part: A, into: A) -> None:
        """Adds what one accumulator holds to another; the part stays as it is."""

    def records(self, key: str, start: int, end: int, accumulator: A) -> Iterator[Record]:
        """The records of the window [start, end), which has at least one event."""


@dataclasses.dataclass
class Panes:
    """The windows of one key.

    Attributes:
        key: the key.
        done: the watermark up to which windows were emitted.
        panes: an accumulator for each slide of time with an event, by its start.
    """

    key: str
    done: int = -(2**63)
    panes: dict[int, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Windows:
    """Windows [start, end) of one length that start at every multiple of the slide; tumbling when both are the same.

    A window is emitted when the watermark reaches its last millisecond. Until the watermark is the allowed lateness
    beyond that, a late event makes it be emitted again. An event belongs to one pane, as long as the slide; a window
    is put together from its panes.

    Attributes:
        aggregator: what to compute.
        size: length of a window in ms, a multiple of the slide.
        slide: distance of their starts in ms.
        allowed_lateness: in ms.
    """

    counts: ClassVar[tuple[str, ...]] = ("used", "late", "partial", "not-relevant")

    aggregator: Aggregator
    size: int
    slide: int
    allowed_lateness: int

    @property
    def fixed(self) -> str:
        """The windows; panes of others cannot be used."""
        return f"windows of {self.size:,} ms every {self.slide:,} ms"

    @property
    def output(self) -> str:
        """The output's name."""
        return self.aggregator.output

    @property
    def key(self) -> str:
        """The field by which events are grouped."""
        return self.aggregator.key

    def is_relevant(self, event: Event) -> bool:
        """Whether the aggregator counts the event."""
        return self.aggregator.is_relevant(event)

    def create(self, key: str) -> Panes:
        """No panes."""
        return Panes(key)

    def on_event(self, event: Event, state: Panes) -> Iterator[Outcome]:
        """Adds the event to its pane, and corrects what was emitted without it."""
        pane = event.timestamp // self.slide * self.slide
        if self._last_ms(pane) <= event.closed:
            yield from too_late(self.output, event)
            return
        yield USED
        state.done = max(state.done, event.watermark)
        if pane not in state.panes:
            state.panes[pane] = self.aggregator.create()
        self.aggregator.add(event, state.panes[pane])

        windows = self._windows_of(pane)
        if self._last_ms(windows[0]) <= event.closed:
            yield PARTIAL
        for start in windows:
            if event.closed < self._last_ms(start) <= event.watermark:
                yield from self._emit(start, state)

    def on_time(self, watermark: int, state: Panes) -> Iterator[Outcome]:
        """Emits the windows that are over, and forgets the panes that nothing needs any more."""
        windows = {start for pane in state.panes for start in self._windows_of(pane)}
        for start in sorted(windows):
            if state.done < self._last_ms(start) <= watermark:
                yield from self._emit(start, state)
        state.done = watermark
        for pane in [p for p in state.panes if self._closing_time(p) <= watermark]:
            del state.panes[pane]

    def next_time(self, state: Panes) -> Optional[int]:
        """When the next window is over, or the next pane is not needed any more."""
        return min((self._next_time_of(pane, state.done) for pane in state.panes), default=None)

    def _next_time_of(self, pane: int, done: int) -> int:
        for start in self._windows_of(pane):
            if self._last_ms(start) > done:
                return self._last_ms(start)
        return self._closing_time(pane)

    def _windows_of(self, pane: int) -> range:
        """The starts of the windows that contain a pane; the last one starts where the pane starts."""
        return range(pane + self.slide - self.size, pane + 1, self.slide)

    def _last_ms(self, start: int) -> int:
        return start + self.size - 1

    def _closing_time(self, pane: int) -> int:
        return self._last_ms(pane) + self.allowed_lateness

    def _emit(self, start: int, state: Panes) -> Iterator[Record]:
        total = self.aggregator.create()
        for pane in range(start, start + self.size, self.slide):
            if pane in state.panes:
                self.aggregator.merge(state.panes[pane], total)
        yield from self.aggregator.records(state.key, start, start + self.size, total)
