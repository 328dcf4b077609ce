"""windowing-tumbling and windowing-sliding: what is measured of each category's events."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from typing import ClassVar, Optional

from flinkblocks.logic.amounts import Amount, average
from flinkblocks.logic.events import Event
from flinkblocks.logic.keyed import Kept
from flinkblocks.logic.records import Record, record, standing
from flinkblocks.logic.windows import Firing


@dataclasses.dataclass
class Measured(Kept):
    """The events of a window; amounts in millionths.

    Attributes:
        events: how many there are.
        purchases: how many of them bought something.
        revenue: what those came to.
        prices: the sum of the unit prices of all of them.
        lowest: the lowest of these prices.
        highest: the highest.
        users: who did something.
    """

    events: int = 0
    purchases: int = 0
    revenue: int = 0
    prices: int = 0
    lowest: int = sys.maxsize
    highest: int = 0
    users: set[str] = dataclasses.field(default_factory=set)


@dataclasses.dataclass(frozen=True)
class Measures:
    """Counts events and users, and sums up purchases and prices.

    Attributes:
        output: the output's name.
        compares: whether the revenue is compared with that of the window one size earlier.
    """

    key: ClassVar[str] = "category"

    output: str
    compares: bool = False

    def is_relevant(self, event: Event) -> bool:
        """Every event is."""
        return True

    def create(self) -> Measured:
        """No events."""
        return Measured()

    def add(self, event: Event, measured: Measured) -> None:
        """Adds an event."""
        bought, spent = (1, event.amount) if event.is_purchase else (0, 0)
        price = event.price
        self.merge(Measured(1, bought, spent, price, price, price, {event.user_id}), measured)

    def merge(self, part: Measured, into: Measured) -> None:
        """Adds what was measured of a part."""
        into.events += part.events
        into.purchases += part.purchases
        into.revenue += part.revenue
        into.prices += part.prices
        into.lowest = min(into.lowest, part.lowest)
        into.highest = max(into.highest, part.highest)
        into.users |= part.users

    def amount(self, measured: Measured) -> Optional[int]:
        """The revenue, where it is compared."""
        return measured.revenue if self.compares else None

    def records(self, firing: Firing, measured: Measured) -> Iterator[Record]:
        """One for the window."""
        yield record(
            self.output,
            firing.key,
            window_key=firing.key,
            window_start=firing.start,
            window_end=firing.end,
            event_count=measured.events,
            purchase_count=measured.purchases,
            unique_users=len(measured.users),
            revenue=Amount(measured.revenue),
            avg_price=average(measured.prices, measured.events),
            min_price=Amount(measured.lowest),
            max_price=Amount(measured.highest),
            **self._change(firing, measured),
            **standing(firing.revision, early=firing.early),
        )

    def _change(self, firing: Firing, measured: Measured) -> dict[str, object]:
        if not self.compares:
            return {}
        change = None if firing.before is None else Amount(measured.revenue - firing.before)
        return {"revenue_change": change}
