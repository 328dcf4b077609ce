import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.bench.figures import Spread, interleaved, ratio, spread

TIMES = st.floats(1, 1e6)


def test_a_spread_is_the_median_with_the_extremes():
    assert spread([3.0, 1.0, 10.0]) == Spread(3.0, 1.0, 10.0)
    assert spread([1.0, 2.0]) == Spread(1.5, 1.0, 2.0)


def test_values_that_do_not_vary_have_a_ratio_without_doubt():
    assert ratio([4.0] * 5, [2.0] * 5) == Spread(2.0, 2.0, 2.0)


def test_a_ratio_is_that_of_the_medians():
    assert ratio([10.0, 12.0, 90.0], [2.0, 3.0, 4.0]).median == 4.0


# Each example draws thousands of samples.
@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(TIMES, TIMES), min_size=1, max_size=7))
def test_an_interval_lies_in_what_was_seen_and_is_the_same_each_time(pairs):
    slow, fast = zip(*pairs)
    found = ratio(slow, fast)
    rounding = 1 + 1e-9
    assert min(slow) / max(fast) <= found.low * rounding
    assert found.low <= found.high <= max(slow) / min(fast) * rounding
    assert found == ratio(slow, fast)


def test_what_slows_both_sides_of_a_pair_does_not_widen_the_interval():
    fast = [1.0, 1.0, 5.0, 1.0, 5.0]
    assert ratio([3 * time for time in fast], fast) == Spread(3.0, 3.0, 3.0)


@pytest.mark.parametrize(("slow", "fast"), [([], []), ([1.0], []), ([1.0, 2.0], [1.0])])
def test_values_without_a_partner_are_refused(slow, fast):
    with pytest.raises(ValueError, match="no pairs"):
        ratio(slow, fast)


def test_arms_run_forwards_and_backwards_in_turn():
    assert list(interleaved("AB", 3)) == [(0, "A"), (0, "B"), (1, "B"), (1, "A"), (2, "A"), (2, "B")]
