from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from flinkblocks.logic.amounts import Amount
from flinkblocks.logic.records import LATE, encode, record, too_late
from flinkblocks.logic.testing import event

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def test_members_keep_their_order_and_amounts_are_numbers():
    found = record("o", "k", z=Amount(1_500_000), a={"ü": 1}, yes=True, none=None)
    assert found == ("o", "k", '{"z":1.50,"a":{"ü":1},"yes":true,"none":null}')


@given(st.dictionaries(TEXT, st.integers() | TEXT | st.booleans()))
def test_the_rest_is_as_json_writes_it(value):
    assert encode(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@given(st.dictionaries(TEXT, JSON), st.sampled_from([" ", "\t", "\n", "\r", "  \n"]), st.booleans())
def test_a_late_event_is_shown_as_it_was_written_on_one_line(value, space, ascii_only):
    written = json.dumps(value, indent=space, separators=(f"{space},", f":{space}"), ensure_ascii=ascii_only)
    late, shown = too_late("some-output", event(1_000, raw=f"{space}{written}{space}", watermark=3_500, user_id="u"))
    assert late == LATE
    compact = json.dumps(value, separators=(",", ":"), ensure_ascii=ascii_only)
    assert shown == ("late-events", "u", f'{{"analysis":"some-output","late_by_ms":2500,"event":{compact}}}')
