"""What the shop's columns hold: mostly what one expects, sometimes the worst that a column takes."""

from __future__ import annotations

import random
from decimal import Decimal

#: In their order.
TIERS = ("bronze", "silver", "gold", "platinum")
CATEGORIES = ("books", "garden", "electronics", "toys", "Küche & Bad")

#: Text that is data, whatever it looks like. PostgreSQL takes everything but U+0000 and lone surrogates.
HOSTILE = (
    "x'; DROP TABLE users;--", '"quoted"', "it''s", "back\\slash\\", "\\u0041\\n", "", " ", "null",
    "%s %(id)s {0} ${x}", "tab\tnew\nline\r", "\x01\x1f\x7f", "\u2028\u2029\ufeff", "naïve façade — 寿司", "👩‍🚀🏴‍☠️",
    "\U0010ffff\ufffe", "مرحبا", '{"id": 7}', "<script>alert(1)</script>", "a,b;c|d", 'users:{"id":1}',
)  # fmt: skip
_MALFORMED = ("no-at.example.com", "two@@example.com", "@example.com", "who@", "a b@example.com", "dot@.", "")
_NAMES = ("Ada", "Grace", "Linus", "Barbara", "Ken", "Edsger", "Zoë", "Łukasz")

_CENT = Decimal("0.01")
_MOST = Decimal("9999999999.99")


def text(rng: random.Random, usual: str) -> str:
    """The usual one, seldom a hostile one, and very seldom a long one that is stored outside its row."""
    drawn = rng.random()
    if drawn < 0.005:
        return "".join(rng.choices("abcdefghijklmnopqrstuvwxyz0123456789é😀", k=4_000))
    if drawn < 0.02:
        return HOSTILE[0]
    return rng.choice(HOSTILE) if drawn < 0.08 else usual


def name(rng: random.Random) -> str:
    """Of a person."""
    return text(rng, f"{rng.choice(_NAMES)} {rng.choice(_NAMES)}son")


def email(rng: random.Random, id: int) -> str:
    """An address of that user; seldom none at all."""
    drawn = rng.random()
    if drawn < 0.04:
        return rng.choice(_MALFORMED)
    return text(rng, f"{rng.choice(_NAMES[:6]).lower()}.{id}@example.com")


def tier(rng: random.Random, other_than: str = "") -> str:
    """Seldom one that is no tier."""
    return text(rng, rng.choice([t for t in TIERS if t != other_than]))


def category(rng: random.Random) -> str:
    """Of a product."""
    return text(rng, rng.choice(CATEGORIES))


def price(rng: random.Random) -> Decimal:
    """Two decimals; seldom none that a price can be, or the largest that fits."""
    if rng.random() < 0.03:
        return rng.choice([Decimal("0.00"), Decimal("-1.00"), _CENT, _MOST])
    return rng.randrange(1, 100_000) * _CENT


def amount(rng: random.Random, quantity: int, price: Decimal) -> Decimal:
    """Quantity x price; seldom something else, and never more than the column takes."""
    amount = min(max(quantity * price, -_MOST), _MOST)
    if rng.random() < 0.06:
        amount = rng.choice([min(amount + _CENT, _MOST), amount / 2, -amount, Decimal("0.00")]).quantize(_CENT)
    return amount + 0  # PostgreSQL knows no negative zero.


def quantity(rng: random.Random) -> int:
    """Pieces."""
    return rng.choice([1, 1, 1, 2, 2, 3, 5, 12]) if rng.random() < 0.97 else rng.choice([0, -1, 1_000_000])


def stock(rng: random.Random, reorder_level: int) -> int:
    """On both sides of what alerts are about, often."""
    return rng.choice([-1, 0, 1, reorder_level - 1, reorder_level, reorder_level + 1, reorder_level + 50])


def reorder_level(rng: random.Random) -> int:
    """Pieces."""
    return rng.choice([0, 1, 5, 10, 20])
