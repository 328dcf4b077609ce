import pytest

from flinkblocks.cdc.slot_watch import gauge
from flinkblocks.cdc.source import Slot, slot_name

MEGABYTES = 12_300_000


def slot(held=MEGABYTES, active=True, lost=False):
    return Slot("shop", active, 7 if active else None, held, lost)


def test_it_says_how_much_is_held_back():
    found = gauge("shop", slot(), 2**30)
    assert (found.text, found.value, found.warning) == (
        "replication slot shop holds back 12.3 MB of WAL",
        MEGABYTES,
        "",
    )


def test_a_slot_that_nobody_reads():
    assert gauge("shop", slot(active=False), 2**30).text.endswith("12.3 MB of WAL, nobody reads it")


def test_it_warns_when_nobody_has_read_it_for_long():
    assert gauge("shop", slot(active=False), 2**30, 30.0).warning == ""
    found = gauge("shop", slot(active=False), 2**30, 31.0)
    assert found.warning.startswith(f"{found.text} for 30 s: no change arrives")


@pytest.mark.parametrize(("limit", "warns"), [(MEGABYTES, False), (MEGABYTES - 1, True), (0, True)])
def test_it_warns_beyond_the_limit(limit, warns):
    assert ("more than --slot-warn-bytes" in gauge("shop", slot(), limit).warning) is warns


@pytest.mark.parametrize("found", [None, slot(lost=True), slot(held=None)])
def test_a_slot_that_is_of_no_use(found):
    shown = gauge("shop", found, 2**30)
    assert shown.value is None
    assert shown.warning.startswith(shown.text)


@pytest.mark.parametrize(
    ("connector", "name"),
    [("flinkblocks-cdc", "flinkblocks_cdc"), ("My.Shop-2", "my_shop_2"), ("x", "x")],
)
def test_slots_are_called_as_postgresql_lets_them(connector, name):
    assert slot_name(connector) == name
