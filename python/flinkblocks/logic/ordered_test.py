from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from flinkblocks.logic.ordered import Ordered
from flinkblocks.logic.records import record
from flinkblocks.logic.testing import END, Driver, event

HISTORY = 300


@dataclasses.dataclass
class Seen:
    number: int = 0
    last: int = 0


class Numbers:
    """Which event of its key each one is."""

    output = "numbers"
    key = "user_id"

    def is_relevant(self, event):
        return event.is_purchase

    def create(self):
        return Seen()

    def expires(self, seen):
        return seen.last + HISTORY

    def on_event(self, event, seen):
        seen.number, seen.last = seen.number + 1, event.timestamp
        yield record(self.output, event.user_id, id=event.event_id, number=seen.number)


def shown(driver):
    return [f"{r['id']} {r['number']}" for r in driver.take()]


def test_events_wait_for_the_watermark_and_come_in_their_order():
    driver = Driver(Ordered(Numbers()))
    driver.send(event(20, event_id="c"), event(10, event_id="b"), event(10, event_id="ä"), event(10, event_id="a"))
    assert driver.counts == {"used": 0, "late": 0, "held": 4, "not-relevant": 0}
    assert shown(driver.advance(9)) == []
    assert shown(driver.advance(10)) == ["a 1", "b 2", "ä 3"]
    assert shown(driver.advance(END)) == ["c 4"]
    assert driver.counts == {"used": 4, "late": 0, "held": 0, "not-relevant": 0}
    assert driver.keys == {}


def test_ties_come_in_the_order_of_their_bytes():
    driver = Driver(Ordered(Numbers()))
    driver.send(event(10, event_id="\U0001f600"), event(10, event_id="\uff5e"))
    driver.send(event(10, event_id="a", raw='{"b":1}'), event(10, event_id="a", raw='{"a":1}'))
    assert [r.split()[0] for r in shown(driver.advance(END))] == ["a", "a", "\uff5e", "\U0001f600"]


def test_an_event_that_the_watermark_has_reached_is_late():
    driver = Driver(Ordered(Numbers())).advance(10).send(event(10), event(11))
    assert driver.take()[0]["late_by_ms"] == 0
    assert driver.counts["held"] == driver.counts["late"] == 1


def test_what_is_known_expires():
    driver = Driver(Ordered(Numbers())).send(event(0), event(HISTORY - 1), event(2 * HISTORY - 1))
    assert shown(driver.advance(2 * HISTORY)) == ["x 1", "x 2", "x 1"]
    driver.advance(3 * HISTORY - 2)
    assert len(driver.keys) == 1
    driver.advance(3 * HISTORY - 1)
    assert driver.keys == {}


STEPS = st.lists(st.tuples(st.integers(0, 900), st.sampled_from("uv"), st.integers(-50, 90)), min_size=1, max_size=40)


def drive(steps, calls_back):
    driver = Driver(Ordered(Numbers()), calls_back)
    watermark = -1
    for number, (timestamp, user, step) in enumerate(steps):
        driver.send(event(timestamp, user_id=user, event_id=f"e{number}"))
        watermark = max(watermark, watermark + step)
        driver.advance(watermark)
    return driver.advance(END)


@given(STEPS, st.randoms(use_true_random=False))
def test_as_sorting_says_however_late_the_callbacks_come(steps, random):
    driver = drive(steps, lambda: random.random() < 0.5)
    in_time, late, watermark = [], 0, -1
    for number, (timestamp, user, step) in enumerate(steps):
        if timestamp > watermark:
            in_time.append((user, timestamp, f"e{number}"))
        else:
            late += 1
        watermark = max(watermark, watermark + step)
    expected, last = [], {}
    for user, timestamp, name in sorted(in_time):
        before, number = last.get(user, (timestamp, 0))
        last[user] = timestamp, 1 if timestamp - before >= HISTORY else number + 1
        expected.append((user, f'{{"id":"{name}","number":{last[user][1]}}}'))
    assert sorted((r.key, r.value) for r in driver.records if r.output == "numbers") == sorted(expected)
    assert driver.counts == {"used": len(in_time), "late": late, "held": 0, "not-relevant": 0}
    assert driver.keys == {}
