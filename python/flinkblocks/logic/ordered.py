"""A key's events in their order, whatever order they come in."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, ClassVar, Generic, Optional, Protocol, TypeVar

from flinkblocks.logic.events import Event
from flinkblocks.logic.keyed import NOTHING_FIXED
from flinkblocks.logic.records import USED, Count, Outcome, Record, too_late

S = TypeVar("S")

_IN, _OUT = Count("held", 1), Count("held", -1)


class KeyedLogic(Protocol[S]):
    """What is made of a key's events in their order; all it knows of the key is in a state."""

    output: str
    key: str

    def is_relevant(self, event: Event) -> bool:
        """Whether it looks at the event."""

    def create(self) -> S:
        """The state of a key of which nothing is known."""

    def on_event(self, event: Event, state: S) -> Iterator[Record]:
        """Takes in the key's next event."""

    def expires(self, state: S) -> int:
        """The time from which on the state is forgotten, ms since the epoch; it emits nothing then."""


@dataclasses.dataclass
class Queue:
    """The events of one key that wait, and what the logic knows of those before them; None for nothing."""

    held: list[Event] = dataclasses.field(default_factory=list)
    known: Optional[Any] = None


@dataclasses.dataclass(frozen=True)
class Ordered(Generic[S]):
    """Hands events to a logic ordered by (timestamp, event_id, raw bytes): each is held until the watermark reaches it.

    From then on an event of that time is late: what was handed over cannot be taken back.

    Attributes:
        logic: what to make of the events.
    """

    counts: ClassVar[tuple[str, ...]] = ("used", "late", "held", "not-relevant")
    allowed_lateness: ClassVar[int] = 0
    fixed: ClassVar[str] = NOTHING_FIXED

    logic: KeyedLogic[S]

    @property
    def output(self) -> str:
        """The output's name."""
        return self.logic.output

    @property
    def key(self) -> str:
        """The field by which events are grouped."""
        return self.logic.key

    def is_relevant(self, event: Event) -> bool:
        """Whether the logic looks at the event."""
        return self.logic.is_relevant(event)

    def create(self, key: str) -> Queue:
        """No events."""
        return Queue()

    def on_event(self, event: Event, state: Queue) -> Iterator[Outcome]:
        """Lets the event wait for its turn."""
        if event.timestamp <= event.watermark:
            yield from too_late(self.output, event)
            return
        yield _IN
        state.held.append(event)

    def on_time(self, watermark: int, state: Queue) -> Iterator[Outcome]:
        """Hands over what the watermark has reached, and forgets what has expired."""
        due = sorted((e for e in state.held if e.timestamp <= watermark), key=lambda event: event.order)
        state.held = [e for e in state.held if e.timestamp > watermark]
        for event in due:
            yield _OUT
            yield USED
            self._expire(event.timestamp, state)
            if state.known is None:
                state.known = self.logic.create()
            yield from self.logic.on_event(event, state.known)
        self._expire(watermark, state)

    def next_time(self, state: Queue) -> Optional[int]:
        """When it is the first one's turn, or what is known expires."""
        times = [event.timestamp for event in state.held]
        if state.known is not None:
            times.append(self.logic.expires(state.known))
        return min(times, default=None)

    def _expire(self, time: int, state: Queue) -> None:
        if state.known is not None and self.logic.expires(state.known) <= time:
            state.known = None
