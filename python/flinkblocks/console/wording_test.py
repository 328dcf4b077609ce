import pytest
from hypothesis import given
from hypothesis import strategies as st

from flinkblocks.console import wording


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (None, "-"),
        (0, "0 s"),
        (40, "40 ms"),
        (999, "999 ms"),
        (3000, "3 s"),
        (4210, "4.2 s"),
        (59_960, "1 min 0 s"),
        (125_000, "2 min 5 s"),
        (3_599_600, "1 h 0 min"),
        (12_000_000, "3 h 20 min"),
        (86_400_000, "1 day"),
        (86_400_000 * 1234, "1,234 days"),
        (-4200, "-4.2 s"),
    ],
)
def test_span(ms, text):
    assert wording.span(ms) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(None, "-"), (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (999_600, "1.0 MB"), (5_794_000_000, "5.8 GB")],
)
def test_size(number, text):
    assert wording.size(number) == text


@pytest.mark.parametrize(
    ("per_second", "text"), [(None, "-"), (0.0, "0/s"), (0.5, "0.5/s"), (12.4, "12/s"), (1e6, "1,000,000/s")]
)
def test_rate(per_second, text):
    assert wording.rate(per_second) == text


def test_clock():
    assert [wording.clock(ms) for ms in (None, -5, 65_999, 360_000_000)] == ["-", "00:00:00", "00:01:05", "100:00:00"]


def test_instant():
    assert wording.instant(1_704_067_200_000) == "2024-01-01 00:00:00"
    assert wording.watermark(None, True) == "end of input"
    assert wording.watermark(None, False) == "-"


def test_share_and_plural():
    assert wording.share(0.126) == "13%"
    assert [wording.plural(n, "restart") for n in (0, 1, 2000)] == ["0 restarts", "1 restart", "2,000 restarts"]


@given(st.integers(-(2**63), 2**63))
def test_any_number_has_words(number):
    for word in (wording.span, wording.size, wording.clock, wording.instant, wording.count, wording.rate):
        assert word(number)
