"""Tumbling and sliding windows of event time over the events of one key."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple, Optional, Protocol, TypeVar

from flinkblocks.logic.early import moments
from flinkblocks.logic.events import Event
from flinkblocks.logic.keyed import Kept
from flinkblocks.logic.records import PARTIAL, USED, Outcome, Record, too_late

A = TypeVar("A")


class Firing(NamedTuple):
    """Why a window is emitted.

    Attributes:
        key: the window's key.
        start: its first millisecond since the epoch.
        end: the one after its last.
        revision: how often it was emitted before, early firings left out.
        early: whether it is not over yet.
        before: the amount of the window one size earlier, as it was last emitted; None when it was not.
    """

    key: str
    start: int
    end: int
    revision: int
    early: bool
    before: Optional[int]


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

    def amount(self, accumulator: A) -> Optional[int]:
        """What the window one size later is to know of a window with at least one event; None for nothing."""

    def records(self, firing: Firing, accumulator: A) -> Iterator[Record]:
        """The records of a window, which has at least one event."""


@dataclasses.dataclass
class Panes(Kept):
    """The windows of one key.

    Attributes:
        key: the key.
        done: the watermark up to which windows were emitted.
        panes: an accumulator for each slide of time with an event, by its start.
        revisions: how often each window that may be corrected was emitted, by its start.
        amounts: what each of them came to, by its start, as long as the window one size later may be emitted.
    """

    key: str
    done: int = -(2**63)
    panes: dict[int, Any] = dataclasses.field(default_factory=dict)
    revisions: dict[int, int] = dataclasses.field(default_factory=dict)
    amounts: dict[int, int] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Windows:
    """Windows [start, end) of one length that start at every multiple of the slide; tumbling when both are the same.

    A window is emitted when the watermark reaches its last millisecond. Until the watermark is the allowed lateness
    beyond that, a late event makes it be emitted again. With early firings it is also emitted before it is over, each
    time the watermark reaches the last millisecond before a multiple of their interval. An event belongs to one pane,
    as long as the slide; a window is put together from its panes.

    Attributes:
        aggregator: what to compute.
        size: length of a window in ms, a multiple of the slide.
        slide: distance of their starts in ms.
        allowed_lateness: in ms.
        early_firing: the interval of early firings in ms; 0 for none.
    """

    counts: ClassVar[tuple[str, ...]] = ("used", "late", "partial", "not-relevant")

    aggregator: Aggregator
    size: int
    slide: int
    allowed_lateness: int
    early_firing: int = 0

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
        """Emits the windows that are over or due for an early firing, and forgets what nothing needs any more."""
        windows = {start for pane in state.panes for start in self._windows_of(pane)}
        for start in sorted(windows):
            over = self._last_ms(start)
            for _ in moments(self.early_firing, start, state.done, min(over, watermark + 1)):
                yield from self._emit(start, state, early=True)
            if state.done < over <= watermark:
                yield from self._emit(start, state)
        state.done = max(state.done, watermark)
        for kept, needed in ((state.panes, 0), (state.revisions, 0), (state.amounts, self.size)):
            for start in [s for s in kept if self._closing_time(s) + needed <= watermark]:
                del kept[start]

    def next_time(self, state: Panes) -> Optional[int]:
        """When a window is over or due for an early firing next, or a part of the state is not needed any more."""
        times = [self._next_time_of(pane, state.done) for pane in state.panes]
        times += [self._closing_time(start) for start in state.revisions]
        times += [self._closing_time(start) + self.size for start in state.amounts]
        return min(times, default=None)

    def _next_time_of(self, pane: int, done: int) -> int:
        for start in self._windows_of(pane):
            over = self._last_ms(start)
            if over > done:
                return next(iter(moments(self.early_firing, start, done, over)), over)
        return self._closing_time(pane)

    def _windows_of(self, pane: int) -> range:
        """The starts of the windows that contain a pane; the last one starts where the pane starts."""
        return range(pane + self.slide - self.size, pane + 1, self.slide)

    def _last_ms(self, start: int) -> int:
        return start + self.size - 1

    def _closing_time(self, start: int) -> int:
        """When a window is corrected no more; it is the last one that contains the pane of this start."""
        return self._last_ms(start) + self.allowed_lateness

    def _emit(self, start: int, state: Panes, *, early: bool = False) -> Iterator[Record]:
        total = self.aggregator.create()
        for pane in range(start, start + self.size, self.slide):
            if pane in state.panes:
                self.aggregator.merge(state.panes[pane], total)
        revision, before = state.revisions.get(start, 0), state.amounts.get(start - self.size)
        firing = Firing(state.key, start, start + self.size, revision, early, before)
        yield from self.aggregator.records(firing, total)
        if not early:
            state.revisions[start] = revision + 1
            amount = self.aggregator.amount(total)
            if amount is not None:
                state.amounts[start] = amount
