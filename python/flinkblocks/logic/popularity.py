"""analytics-results: the most popular products of each category."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Iterator
from typing import ClassVar

from flinkblocks.logic.events import Event
from flinkblocks.logic.records import Record, record
from flinkblocks.logic.windows import Firing

_POINTS = {"view": 1, "add_to_cart": 3, "purchase": 5}


@dataclasses.dataclass
class Interest:
    """What was done to one product, and by whom."""

    actions: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    users: set[str] = dataclasses.field(default_factory=set)

    @property
    def score(self) -> int:
        """One point for a view, 3 for an add_to_cart, 5 for a purchase."""
        return sum(points * self.actions[action] for action, points in _POINTS.items())


@dataclasses.dataclass(frozen=True)
class Popularity:
    """Ranks the products of a category.

    Attributes:
        top: how many products a ranking has at most.
    """

    output: ClassVar[str] = "analytics-results"
    key: ClassVar[str] = "category"

    top: int

    def is_relevant(self, event: Event) -> bool:
        """Every event is: its user counts."""
        return True

    def create(self) -> dict[str, Interest]:
        """No products."""
        return {}

    def add(self, event: Event, products: dict[str, Interest]) -> None:
        """Adds an event to its product."""
        interest = products.setdefault(event.product_id, Interest())
        interest.users.add(event.user_id)
        if event.action in _POINTS:
            interest.actions[event.action] += 1

    def merge(self, part: dict[str, Interest], into: dict[str, Interest]) -> None:
        """Adds the products of a part."""
        for product, interest in part.items():
            total = into.setdefault(product, Interest())
            total.actions.update(interest.actions)
            total.users |= interest.users

    def amount(self, products: dict[str, Interest]) -> None:
        """Nothing is compared."""

    def records(self, firing: Firing, products: dict[str, Interest]) -> Iterator[Record]:
        """One for each rank, the highest score first, ties by product id; products of score 0 are left out."""
        ranking = sorted(((-i.score, product.encode(), product) for product, i in products.items() if i.score))
        for rank, (_, _, product) in enumerate(ranking[: self.top], 1):
            interest = products[product]
            yield record(
                self.output,
                firing.key,
                type="product_popularity",
                category=firing.key,
                window_start=firing.start,
                window_end=firing.end,
                rank=rank,
                product_id=product,
                score=interest.score,
                views=interest.actions["view"],
                add_to_carts=interest.actions["add_to_cart"],
                purchases=interest.actions["purchase"],
                unique_users=len(interest.users),
            )
