"""high-value-transactions: purchases of at least a given amount."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import ClassVar

from flinkblocks.logic.amounts import Amount
from flinkblocks.logic.events import Event
from flinkblocks.logic.keyed import NOTHING_FIXED
from flinkblocks.logic.records import USED, Outcome, record


@dataclasses.dataclass(frozen=True)
class HighValue:
    """Picks out purchases. It needs neither time nor state, and none of them is late.

    Attributes:
        threshold: the smallest such amount, in millionths.
    """

    output: ClassVar[str] = "high-value-transactions"
    key: ClassVar[str] = "user_id"
    counts: ClassVar[tuple[str, ...]] = ("used", "not-relevant")
    allowed_lateness: ClassVar[int] = 0
    fixed: ClassVar[str] = NOTHING_FIXED

    threshold: int

    def is_relevant(self, event: Event) -> bool:
        """Purchases of that amount or more are."""
        return event.is_purchase and event.amount >= self.threshold

    def create(self, key: str) -> None:
        """Nothing is known, ever."""

    def on_event(self, event: Event, state: None) -> Iterator[Outcome]:
        """One record for each."""
        yield USED
        yield record(
            self.output,
            event.user_id,
            event_id=event.event_id,
            user_id=event.user_id,
            product_id=event.product_id,
            category=event.category,
            amount=Amount(event.amount),
            timestamp=event.timestamp,
        )

    def on_time(self, watermark: int, state: None) -> Iterator[Outcome]:
        """Never has anything to do."""
        return iter(())

    def next_time(self, state: None) -> None:
        """Never."""
