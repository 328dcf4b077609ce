from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flinkblocks.logic.early import moments


def test_without_an_interval_there_are_none():
    assert list(moments(0, 0, -(2**63), 10**18)) == []


@given(st.integers(1, 50), st.integers(-200, 200), st.integers(-250, 200), st.integers(-200, 300))
def test_they_are_the_last_ms_before_each_multiple_after_the_start(interval, start, done, until):
    expected = [m - 1 for m in range(-600, 600) if m % interval == 0 and start < m and done < m - 1 < until]
    assert list(moments(interval, start, done, until)) == expected
