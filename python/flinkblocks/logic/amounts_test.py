from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flinkblocks.logic.amounts import Amount, at_least, at_most, average
from flinkblocks.testing import model

MICROS = st.one_of(st.integers(0, 10**24), st.integers(0, 10**7))


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        (0, "0.00"),
        (1, "0.000001"),
        (10_000, "0.01"),
        (15_642_500_000, "15642.50"),
        (10**23, "100000000000000000.00"),
        (-1, "-0.000001"),
        (-12_500_000, "-12.50"),
        (-1_000_000, "-1.00"),
    ],  # fmt: skip
)
def test_an_amount_is_a_plain_decimal(micros, text):
    assert str(Amount(micros)) == text


@given(MICROS, st.sampled_from([1, -1]))
def test_every_amount_is_shown_exactly(micros, sign):
    shown = str(Amount(sign * micros))
    assert Decimal(shown) == sign * Decimal(micros).scaleb(-6)
    assert shown.lstrip("-") == model.amount(abs(Decimal(shown)))


@given(MICROS, st.integers(1, 10**6))
def test_averages_are_rounded_half_up(total, count):
    exact = (Decimal(total) / count / 10_000).quantize(Decimal(1), ROUND_HALF_UP)
    assert average(total, count) == int(exact) * 10_000


@given(st.decimals(0, 10**9, places=9))
def test_limits_of_any_number_of_decimals_hold_for_whole_millionths(limit):
    least, most = at_least(limit), at_most(limit)
    assert Decimal(least - 1).scaleb(-6) < limit <= Decimal(least).scaleb(-6)
    assert Decimal(most).scaleb(-6) <= limit < Decimal(most + 1).scaleb(-6)
