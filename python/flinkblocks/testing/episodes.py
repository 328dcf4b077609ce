"""Hostile events of which windows have something to tell: patterns, a rush, and keys that fall silent.

In an even stream of many users and products hardly any of it happens. All of it is valid and in no order; `mixed`
makes an input of it and of `hostile.lines`.
"""

from __future__ import annotations

import random
from decimal import Decimal

from flinkblocks.testing import hostile
from flinkblocks.testing.hostile import MARKS, START_MS, Line

_MINUTE_MS = 60_000
_ACTIONS = ["view", "view", "view", "add_to_cart", "purchase", "remove_from_cart", "wishlist"]
# Two events so far from each other are on either side of what some window asks for.
_GAPS_MS = [near + by for near in (30_000, 60_000, 300_000, 360_000, 600_000) for by in (-1, 0, 1)]


def mixed(seed: int, count: int, step_ms: int = 300, disorder_ms: int = 4_900) -> list[Line]:
    """About `count` records, a good half of them as `hostile.lines` makes them, in an order within `disorder_ms`."""
    lines = hostile.lines(seed, count * 6 // 10, disorder_ms, step_ms)
    length_ms = len(lines) * step_ms
    lines += shoppers(seed, count * 2 // 10, length_ms)
    lines += rush(seed, count // 10, START_MS + length_ms // 2)
    lines += loners(seed, count // 10, length_ms)
    return hostile.interleave(seed, lines, disorder_ms)


def shoppers(seed: int, count: int, length_ms: int) -> list[Line]:
    """Few users before few products, often at one instant: only the rules for ties say what came first.

    At an instant all is of one user, so that what the others do leaves them their patterns.
    """
    rng = random.Random(seed)
    found: list[Line] = []
    while len(found) < count:
        timestamp = START_MS + rng.randrange(length_ms) // 1000 * 1000
        user = f"{rng.choice(MARKS)}shopper{rng.randrange(4)}"
        products = [f"{mark}shelf{rng.randrange(2)}" for mark in MARKS]
        for _ in range(rng.randrange(1, 6)):
            event = _event(
                rng, timestamp + rng.choice([0, 0, 0, 1]),
                event_id=f"{rng.choice(MARKS)}e{rng.randrange(2)}", user_id=user, product_id=rng.choice(products),
                category=rng.choice(hostile.CATEGORIES), action=rng.choice(_ACTIONS),
            )  # fmt: skip
            found.append(hostile.written(rng, event))
    return found


def rush(seed: int, count: int, timestamp: int) -> list[Line]:
    """Everybody wants one product, from that time on for half a minute."""
    rng = random.Random(seed)
    return [
        hostile.written(
            rng,
            _event(
                rng, timestamp + rng.randrange(_MINUTE_MS // 2), event_id=f"{rng.choice(MARKS)}rush{n}",
                user_id=f"crowd{n}", product_id="wanted", category=hostile.CATEGORIES[0],
                action=rng.choice(["view", "purchase"]),
            ),
        )
        for n in range(count)
    ]  # fmt: skip


def loners(seed: int, count: int, length_ms: int) -> list[Line]:
    """Users, products and categories of their own, whose events are just so far apart that windows end, or do not."""
    rng = random.Random(seed)
    found: list[Line] = []
    number, timestamp = 0, START_MS
    while len(found) < count:
        timestamp += rng.choice(_GAPS_MS)
        if timestamp >= START_MS + length_ms:
            number, timestamp = number + 1, START_MS + rng.choice([0, 59_999, 599_999])
        names = dict.fromkeys(("user_id", "product_id", "category"), f"loner{number}")
        for n in range(rng.choice([1, 1, 2, 5])):
            event = _event(rng, timestamp, event_id=f"alone{len(found)}-{n}", action=rng.choice(_ACTIONS), **names)
            found.append(hostile.written(rng, event))
    return found


def _event(rng: random.Random, timestamp: int, **names: str) -> dict:
    price = Decimal(rng.choice(["0.000001", "19.99", "12.499999999999998", "1e2", "0.005", "999999.999999"]))
    return {**names, "session_id": "s", "price": price, "quantity": rng.choice([1, 2, 7]), "timestamp": timestamp}
