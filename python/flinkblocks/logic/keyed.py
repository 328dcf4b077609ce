"""How an analysis is asked: one key at a time, each with a state of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, Generic, Optional, Protocol, TypeVar

from flinkblocks.logic.events import Event
from flinkblocks.logic.records import Outcome

S = TypeVar("S")

#: For analyses whose settings may change from one run to the next.
NOTHING_FIXED = "no settings"


class Analysis(Protocol[S]):
    """The logic of one output. All it knows of a key is in the key's state; times are ms since the epoch."""

    #: The output's name.
    output: str
    #: The field of an event by which events are grouped.
    key: str
    #: The names of its counts.
    counts: tuple[str, ...]
    #: How long after it was emitted a result can be corrected, in ms.
    allowed_lateness: int
    #: The settings that a key's state depends on, in words: a job with others cannot go on from it.
    fixed: str

    def is_relevant(self, event: Event) -> bool:
        """Whether the analysis looks at an event at all."""

    def create(self, key: str) -> S:
        """The state of a key of which nothing is known."""

    def on_event(self, event: Event, state: S) -> Iterator[Outcome]:
        """Takes in a relevant event, after `on_time` with the event's watermark."""

    def on_time(self, watermark: int, state: S) -> Iterator[Outcome]:
        """Does what is due when event time has come so far."""

    def next_time(self, state: S) -> Optional[int]:
        """The watermark at which something will be due; None when the state is not needed any more."""


class Kept:
    """What is kept of a key outlives the code: fields that it did not have yet when it was stored get their defaults.

    To be inherited by dataclasses that get new fields.
    """

    def __setstate__(self, stored: dict[str, Any]) -> None:
        """Is how pickled fields come back."""
        self.__init__(**stored)


@dataclasses.dataclass
class Key(Generic[S]):
    """An analysis at work on one key.

    What is due is done before an event is looked at, and with the watermark that came with the event. So the result
    is the same however late the engine calls back when a time has come.

    Attributes:
        analysis: its logic.
        state: what it knows of the key; None for nothing.
    """

    analysis: Analysis[S]
    state: Optional[S] = None

    def take(self, event: Event) -> Iterator[Outcome]:
        """Takes in the key's next event that is relevant."""
        yield from self.advance(event.watermark)
        if self.state is None:
            self.state = self.analysis.create(getattr(event, self.analysis.key))
        yield from self.analysis.on_event(event, self.state)
        self._forget_if_over()

    def advance(self, watermark: int) -> Iterator[Outcome]:
        """Does what is due at a watermark."""
        due = self.next_time
        if due is not None and due <= watermark:
            yield from self.analysis.on_time(watermark, self.state)
            self._forget_if_over()

    @property
    def next_time(self) -> Optional[int]:
        """When to call `advance`, at the latest; None for never."""
        return None if self.state is None else self.analysis.next_time(self.state)

    def _forget_if_over(self) -> None:
        if self.next_time is None:
            self.state = None
