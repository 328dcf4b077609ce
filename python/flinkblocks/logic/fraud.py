"""fraud-alerts: purchases that are suspicious after the user's earlier ones."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from typing import ClassVar, NamedTuple, Optional

from flinkblocks.logic.amounts import Amount, average
from flinkblocks.logic.events import Event
from flinkblocks.logic.records import Record, record


@dataclasses.dataclass(frozen=True)
class Thresholds:
    """From when on purchases are suspicious; amounts in millionths, times in ms.

    The window of a rule is also the shortest time between two of its alerts for a user.
    """

    velocity_purchases: int
    velocity_window: int
    high_amount_purchases: int
    high_amount_factor: int
    high_amount_window: int
    small_amount: int
    large_amount: int
    small_then_large_window: int
    many_ips: int
    many_ips_window: int
    history: int


class Purchase(NamedTuple):
    """What is remembered of one purchase."""

    timestamp: int
    event_id: str
    amount: int
    ip_address: Optional[str]


@dataclasses.dataclass
class Buyer:
    """What is remembered of one user.

    Attributes:
        recent: the purchases that a window may still contain, in their order, with the latest one.
        purchases: how many there were.
        total: what they came to, in millionths.
        alerted: when each rule fired last.
    """

    recent: list[Purchase] = dataclasses.field(default_factory=list)
    purchases: int = 0
    total: int = 0
    alerted: dict[str, int] = dataclasses.field(default_factory=dict)


class Suspicion(NamedTuple):
    """A rule that holds at a purchase; `pause` is the shortest time between two of its alerts, in ms."""

    rule: str
    severity: str
    pause: int
    evidence: dict[str, object]


@dataclasses.dataclass(frozen=True)
class Fraud:
    """Looks at a user's purchases in their order."""

    output: ClassVar[str] = "fraud-alerts"
    key: ClassVar[str] = "user_id"

    thresholds: Thresholds

    def is_relevant(self, event: Event) -> bool:
        """Purchases are."""
        return event.is_purchase

    def create(self) -> Buyer:
        """A user who has bought nothing yet."""
        return Buyer()

    def expires(self, buyer: Buyer) -> int:
        """A user who was silent for long is new again."""
        return buyer.recent[-1].timestamp + self.thresholds.history

    def on_event(self, event: Event, buyer: Buyer) -> Iterator[Record]:
        """Asks the rules about a purchase, then makes it one of the earlier ones."""
        purchase = Purchase(event.timestamp, event.event_id, event.amount, event.ip_address)
        for suspicion in self._suspicions(purchase, buyer):
            last = buyer.alerted.get(suspicion.rule)
            if last is None or event.timestamp - last >= suspicion.pause:
                buyer.alerted[suspicion.rule] = event.timestamp
                yield self._alert(suspicion, event)
        buyer.purchases += 1
        buyer.total += event.amount
        longest = max(self.thresholds.velocity_window, self.thresholds.many_ips_window)
        buyer.recent = [*_within(buyer.recent, event.timestamp - longest), purchase]

    def _suspicions(self, purchase: Purchase, buyer: Buyer) -> Iterator[Suspicion]:
        limits, time = self.thresholds, purchase.timestamp
        recent = [*buyer.recent, purchase]

        count = len(_within(recent, time - limits.velocity_window))
        if count >= limits.velocity_purchases:
            evidence = {"purchases": count, "window_ms": limits.velocity_window}
            yield Suspicion("velocity", "medium", limits.velocity_window, evidence)

        # amount > factor x total / purchases, without a division.
        is_high = purchase.amount * buyer.purchases > limits.high_amount_factor * buyer.total
        if buyer.purchases >= limits.high_amount_purchases and is_high:
            evidence = {"mean_amount": average(buyer.total, buyer.purchases), "previous_purchases": buyer.purchases}
            yield Suspicion("high_amount", "high", limits.high_amount_window, evidence)

        before = buyer.recent[-1] if buyer.recent else None
        if (
            before
            and purchase.amount >= limits.large_amount
            and before.amount <= limits.small_amount
            and time - before.timestamp <= limits.small_then_large_window
        ):
            evidence = {"previous_event_id": before.event_id, "previous_amount": Amount(before.amount)}
            yield Suspicion("small_then_large", "high", limits.small_then_large_window, evidence)

        addresses = {p.ip_address for p in _within(recent, time - limits.many_ips_window)} - {None}
        if len(addresses) >= limits.many_ips:
            evidence = {"ip_count": len(addresses), "window_ms": limits.many_ips_window}
            yield Suspicion("many_ips", "medium", limits.many_ips_window, evidence)

    def _alert(self, suspicion: Suspicion, event: Event) -> Record:
        name = f"{suspicion.rule}|{event.user_id}|{event.event_id}"
        return record(
            self.output,
            event.user_id,
            alert_id=hashlib.sha256(name.encode()).hexdigest()[:16],
            rule=suspicion.rule,
            severity=suspicion.severity,
            user_id=event.user_id,
            event_id=event.event_id,
            timestamp=event.timestamp,
            amount=Amount(event.amount),
            evidence=suspicion.evidence,
        )


def _within(purchases: list[Purchase], after: int) -> list[Purchase]:
    return [p for p in purchases if p.timestamp > after]
