"""Money as whole millionths of the currency; Python's integers have no end, so every sum is exact."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

_MICROS = 1_000_000
_MICROS_PER_CENT = 10_000


class Amount(int):
    """Millionths that JSON is to show as an amount of money."""

    def __str__(self) -> str:
        """A plain decimal with at least two decimals and no zeros beyond those: 15642.50, -0.000001."""
        whole, decimals = divmod(abs(self), _MICROS)
        return f"{'-' if self < 0 else ''}{whole}.{f'{decimals:06}'.rstrip('0').ljust(2, '0')}"


def average(total: int, count: int) -> Amount:
    """The mean of so many amounts, rounded half-up to two decimals.

    Args:
        total: their sum in millionths, 0 or more.
        count: how many they are, at least 1.
    """
    unit = count * _MICROS_PER_CENT
    return Amount((2 * total + unit) // (2 * unit) * _MICROS_PER_CENT)


def at_least(limit: Decimal) -> int:
    """The smallest amount, in millionths, that is not below a limit of any number of decimals."""
    return int(limit.scaleb(6).to_integral_value(ROUND_CEILING))


def at_most(limit: Decimal) -> int:
    """The largest amount, in millionths, that is not above a limit of any number of decimals."""
    return int(limit.scaleb(6).to_integral_value(ROUND_FLOOR))
