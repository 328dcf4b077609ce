"""One valid event, as the analyses see it."""

from __future__ import annotations

from typing import NamedTuple, Optional


class Event(NamedTuple):
    """A shop event, and where event time stood when it came.

    Attributes:
        event_id: its name.
        user_id: who did it.
        session_id: as the shop sees it; the analyses cut sessions of their own.
        product_id: what it was done to.
        category: of the product.
        action: view, add_to_cart, remove_from_cart, purchase, wishlist or anything else.
        ip_address: from where; None when the event does not say.
        amount: price x quantity, in millionths of the currency.
        timestamp: event time, ms since the epoch.
        raw: the record as it was written.
        watermark: of the operator when the event came, ms since the epoch.
        closed: the time up to which nothing is corrected any more: the watermark minus the allowed lateness.
        price: of one piece, in millionths; last, and with a default, since events that wait are part of savepoints.
    """

    event_id: str
    user_id: str
    session_id: str
    product_id: str
    category: str
    action: str
    ip_address: Optional[str]
    amount: int
    timestamp: int
    raw: str
    watermark: int
    closed: int
    price: int = 0

    @property
    def is_purchase(self) -> bool:
        """Whether something was bought."""
        return self.action == "purchase"

    @property
    def order(self) -> tuple[int, bytes, bytes]:
        """The place among a user's events where order matters: by time, then by id, then by the record's bytes."""
        return self.timestamp, self.event_id.encode(), self.raw.encode()
