"""revenue-metrics: what each category sold, minute by minute."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from flinkblocks.logic.amounts import Amount, average
from flinkblocks.logic.events import Event
from flinkblocks.logic.records import Record, record
from flinkblocks.logic.windows import Firing


@dataclasses.dataclass
class Sales:
    """The purchases of a window; amounts in millionths."""

    orders: int = 0
    total: int = 0
    largest: int = 0
    users: set[str] = dataclasses.field(default_factory=set)


class Revenue:
    """Sums up purchases."""

    output = "revenue-metrics"
    key = "category"

    def is_relevant(self, event: Event) -> bool:
        """Purchases are."""
        return event.is_purchase

    def create(self) -> Sales:
        """No sales."""
        return Sales()

    def add(self, event: Event, sales: Sales) -> None:
        """Adds a purchase."""
        self.merge(Sales(1, event.amount, event.amount, {event.user_id}), sales)

    def merge(self, part: Sales, into: Sales) -> None:
        """Adds the sales of a part."""
        into.orders += part.orders
        into.total += part.total
        into.largest = max(into.largest, part.largest)
        into.users |= part.users

    def amount(self, sales: Sales) -> None:
        """Nothing is compared."""

    def records(self, firing: Firing, sales: Sales) -> Iterator[Record]:
        """One for the window."""
        yield record(
            self.output,
            firing.key,
            window_key=firing.key,
            window_start=firing.start,
            window_end=firing.end,
            total_revenue=Amount(sales.total),
            order_count=sales.orders,
            unique_users=len(sales.users),
            avg_order_value=average(sales.total, sales.orders),
            max_order_value=Amount(sales.largest),
        )
