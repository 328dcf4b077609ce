"""The operator in Python on one key, with a state and timers of a few lines in place of the engine."""

from __future__ import annotations

import json
import pickle

from flinkblocks.engine.operators import AnalysisFunction
from flinkblocks.logic.high_value import HighValue
from flinkblocks.logic.sessions import Sessions
from flinkblocks.logic.testing import event


class OneKey:
    """Runs the operator on one key; it is what the operator sees of the engine, too.

    Attributes:
        stored: the key's state, pickled, as the engine keeps it; None for nothing.
        timers: those that are registered.
        watermark: as the timer service tells it.
    """

    def __init__(self, analysis):
        self.stored, self.timers, self.watermark = None, set(), -1
        self._function = AnalysisFunction(analysis)
        self._function.open(self)

    def get_state(self, _):
        return self

    def value(self):
        return None if self.stored is None else pickle.loads(self.stored)

    def update(self, value):
        self.stored = pickle.dumps(value)

    def clear(self):
        self.stored = None

    def timer_service(self):
        return self

    def current_watermark(self):
        return self.watermark

    def register_event_time_timer(self, timestamp):
        self.timers.add(timestamp)

    def send(self, timestamp, watermark=-1, **changed):
        """The rows that come of an event, which brings along its watermark."""
        arrived = event(timestamp, watermark=watermark, closed=watermark, **changed)
        utf8 = [field.encode() if isinstance(field, str) else field for field in arrived]
        return [tuple(row) for row in self._function.process_element(utf8, self)]

    def advance(self, watermark):
        """The rows that come of the timers until then."""
        self.watermark, rows = watermark, []
        while self.timers and min(self.timers) <= watermark:
            timer = min(self.timers)
            self.timers.remove(timer)
            rows += [tuple(row) for row in self._function.on_timer(timer, self)]
        return rows


USED = (None, None, None, "used", 1)


def starts(rows):
    """Of the sessions that were told."""
    return [json.loads(value)["session_start"] for output, _, value, *_ in rows if output == "user-sessions"]


def test_rows_hold_a_record_or_a_count():
    key = OneKey(HighValue(10_000_000))
    used, (output, name, value, *count) = key.send(5, user_id="u")
    assert used == USED
    assert (output, name, json.loads(value)["timestamp"], count) == ("high-value-transactions", b"u", 5, [None, None])
    assert key.send(5, action="view") == [(None, None, None, "not-relevant", 1)]


def test_a_key_without_need_for_state_gets_none():
    key = OneKey(HighValue(10_000_000))
    key.send(5)
    assert (key.stored, key.timers) == (None, set())


def test_a_key_that_is_over_leaves_nothing():
    key = OneKey(Sessions(10, 0))
    assert key.send(100) == [USED]
    assert (key.stored is None, key.timers) == (False, {110})
    assert starts(key.advance(109)) == []
    assert starts(key.advance(110)) == [100]
    assert (key.stored, key.timers) == (None, set())


def test_what_is_not_relevant_leaves_the_state_as_it_was():
    key = OneKey(HighValue(10_000_000))
    key.stored = before = pickle.dumps((7, None))
    key.send(5, action="view")
    assert key.stored == before


def test_an_event_finds_done_what_is_due_by_its_watermark_and_the_timer_is_stale():
    key = OneKey(Sessions(10, 0))
    key.send(100)
    rows = key.send(90, watermark=110)
    assert starts(rows) == [100]
    assert (None, None, None, "late", 1) in rows
    assert (key.stored, key.timers) == (None, {110})
    assert key.advance(110) == []
    assert (key.stored, key.timers) == (None, set())


def test_a_stale_timer_does_nothing_to_a_key_that_began_anew():
    key = OneKey(Sessions(10, 0))
    key.send(100)
    key.send(90, watermark=110)
    key.send(200, watermark=110)
    before = key.stored
    assert key.advance(110) == []
    assert (key.stored, key.timers) == (before, {210})


def test_a_timer_that_is_too_early_by_now_gives_way_to_the_right_one():
    key = OneKey(Sessions(10, 0))
    key.send(100)
    key.send(105)
    assert key.timers == {110}
    assert starts(key.advance(110)) == []
    assert key.timers == {115}
    assert starts(key.advance(115)) == [100]
    assert (key.stored, key.timers) == (None, set())


def test_an_earlier_time_gets_a_timer_and_a_later_one_waits_for_its_turn():
    key = OneKey(Sessions(10, 0))
    key.send(100)
    key.send(50)
    assert key.timers == {110, 60}
    key.send(200)
    assert key.timers == {110, 60}
    assert starts(key.advance(60)) == [50]
    assert starts(key.advance(110)) == [100]
    assert key.timers == {210}
    assert starts(key.advance(210)) == [200]
    assert (key.stored, key.timers) == (None, set())


def test_early_firings_have_their_timers():
    key = OneKey(Sessions(10, 0, "windowing-session", early_firing=4, tells_revision=True))
    key.send(100)
    told = []
    for timer in (103, 107, 110):
        assert key.timers == {timer}
        ((_, _, value, *_),) = key.advance(timer)
        told.append(value.rpartition(b",")[2])
    assert told == [b'"early":true}', b'"early":true}', b'"revision":0}']
    assert (key.stored, key.timers) == (None, set())


def test_early_firings_that_an_event_finds_due_are_told_without_it():
    key = OneKey(Sessions(10, 0, "windowing-session", early_firing=4, tells_revision=True))
    key.send(100)
    (_, _, value, *_), used = key.send(109, watermark=105)
    assert (json.loads(value)["event_count"], used) == (1, USED)
    # The timer of the first one is stale, and sees to the next.
    assert key.timers == {103}
    assert key.advance(106) == []
    assert key.timers == {107}
    assert [json.loads(value)["event_count"] for _, _, value, *_ in key.advance(107)] == [2]


def test_a_time_beyond_all_timers_gets_the_last_one():
    key = OneKey(Sessions(2**63, 0))
    key.send(100)
    assert key.timers == {2**63 - 2}
