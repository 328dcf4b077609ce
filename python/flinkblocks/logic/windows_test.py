from __future__ import annotations

import collections
import json

from hypothesis import given
from hypothesis import strategies as st

from flinkblocks.logic.records import record
from flinkblocks.logic.testing import END, Driver, event
from flinkblocks.logic.windows import Windows


class Ids:
    """Which events a window has."""

    output = "ids"
    key = "category"

    def is_relevant(self, event):
        return event.is_purchase

    def create(self):
        return []

    def add(self, event, ids):
        ids.append(event.event_id)

    def merge(self, part, into):
        into.extend(part)

    def records(self, key, start, end, ids):
        yield record(self.output, key, key=key, start=start, end=end, ids=sorted(ids))


def windows(size=300, slide=100, lateness=0, **driver):
    return Driver(Windows(Ids(), size, slide, lateness), **driver)


def shown(driver):
    return [f"[{r['start']}, {r['end']}) {' '.join(r['ids'])}" for r in driver.take()]


def test_a_window_is_emitted_when_the_watermark_reaches_its_last_millisecond():
    driver = windows(100, 100).send(event(150, event_id="a"), event(199, event_id="b"), event(200, event_id="c"))
    assert shown(driver.advance(198)) == []
    assert shown(driver.advance(199)) == ["[100, 200) a b"]
    assert shown(driver.advance(END)) == ["[200, 300) c"]
    assert driver.keys == {}


def test_an_event_of_an_emitted_window_is_late():
    driver = windows(100, 100).send(event(150)).advance(199)
    driver.take()
    assert driver.send(event(160, user_id="u")).take()[0]["late_by_ms"] == 39
    assert driver.counts == {"used": 1, "late": 1, "partial": 0, "not-relevant": 0}
    assert driver.keys == {}


def test_within_the_lateness_a_window_is_corrected():
    driver = windows(100, 100, 50).send(event(150, event_id="a"))
    assert shown(driver.advance(220)) == ["[100, 200) a"]
    assert shown(driver.send(event(160, event_id="b"))) == ["[100, 200) a b"]
    driver.advance(249)
    assert driver.keys == {}
    assert "analysis" in driver.send(event(170)).take()[0]


def test_a_sliding_event_is_used_in_the_windows_that_are_still_open():
    driver = windows().send(event(150, event_id="a")).advance(299)
    assert shown(driver) == ["[-100, 200) a", "[0, 300) a"]
    driver.send(event(160, event_id="b"), event(300, event_id="c"))
    assert driver.counts["partial"] == 1
    assert shown(driver.advance(499)) == ["[100, 400) a b c", "[200, 500) c"]


def test_what_is_not_relevant_is_counted():
    assert windows().send(event(1, action="view")).counts["not-relevant"] == 1


STEPS = st.lists(st.tuples(st.integers(0, 900), st.sampled_from("kl"), st.integers(-50, 120)), min_size=1, max_size=40)
SHAPES = st.sampled_from([(100, 100), (300, 100), (200, 50)])


def drive(steps, size, slide, lateness, calls_back):
    """Events and watermarks by turns; the watermark moves by the third number, where that is up."""
    driver = windows(size, slide, lateness, calls_back=calls_back)
    watermark = -1
    for number, (timestamp, key, step) in enumerate(steps):
        driver.send(event(timestamp, event_id=f"e{number:02}", category=key))
        watermark = max(watermark, watermark + step)
        driver.advance(watermark)
    return driver.advance(END)


def model(steps, size, slide, lateness):
    """Every window that ever was, looked at after every step."""
    held, found, watermark = collections.defaultdict(list), [], -1
    counts = collections.Counter(used=0, late=0, partial=0)

    def tell(key, start):
        found.append((key, start, tuple(sorted(held[key, start]))))

    for number, (timestamp, key, step) in enumerate(steps):
        mine = [s for s in range(-size, 1000, slide) if s <= timestamp < s + size]
        still = [s for s in mine if s + size - 1 > watermark - lateness]
        counts["used" if still else "late"] += 1
        counts["partial"] += 0 < len(still) < len(mine)
        for start in still:
            held[key, start].append(f"e{number:02}")
            if start + size - 1 <= watermark:
                tell(key, start)
        before, watermark = watermark, max(watermark, watermark + step)
        for some_key, start in list(held):
            if before < start + size - 1 <= watermark:
                tell(some_key, start)
    for some_key, start in list(held):
        if start + size - 1 > watermark:
            tell(some_key, start)
    return collections.Counter(found), counts


@given(STEPS, SHAPES, st.sampled_from([0, 30, 150, 1000]), st.randoms(use_true_random=False))
def test_as_the_model_says_however_late_the_callbacks_come(steps, shape, lateness, random):
    driver = drive(steps, *shape, lateness, lambda: random.random() < 0.5)
    results = [json.loads(r.value) for r in driver.records if r.output == "ids"]
    found = collections.Counter((r["key"], r["start"], tuple(r["ids"])) for r in results)
    expected, counts = model(steps, *shape, lateness)
    assert found == expected
    assert {name: driver.counts[name] for name in counts} == counts
    assert driver.keys == {}
