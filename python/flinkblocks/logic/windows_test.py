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

    def amount(self, ids):
        return None

    def records(self, firing, ids):
        yield record(self.output, firing.key, **firing._asdict(), ids=sorted(ids))


class Counted(Ids):
    """Their number is what a window is compared with."""

    def amount(self, ids):
        return len(ids)


def windows(size=300, slide=100, lateness=0, early=0, **driver):
    return Driver(Windows(Ids(), size, slide, lateness, early), **driver)


def counted(*shape, early=0, **driver):
    return Driver(Windows(Counted(), *shape, early), **driver)


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


def test_corrections_are_numbered():
    driver = windows(100, 100, 50).send(event(150, event_id="a")).advance(220)
    driver.send(event(160, event_id="b"), event(170, event_id="c"), event(201, event_id="d")).advance(END)
    assert [(r["start"], r["revision"], r["early"]) for r in driver.take()] == [
        (100, 0, False), (100, 1, False), (100, 2, False), (200, 0, False)
    ]  # fmt: skip


def told(driver):
    """(start, early, number of events) of each record."""
    return [(r["start"], r["early"], len(r["ids"])) for r in driver.take()]


def test_an_early_firing_comes_when_the_watermark_reaches_the_last_ms_before_a_multiple_of_the_interval():
    driver = windows(100, 100, early=30).send(event(150))
    assert told(driver.advance(118)) == []
    assert told(driver.advance(119)) == [(100, True, 1)]
    assert told(driver.send(event(160)).advance(148)) == []
    assert told(driver.advance(149)) == [(100, True, 2)]
    assert told(driver.advance(198)) == [(100, True, 2)]
    assert told(driver.advance(199)) == [(100, False, 2)]
    assert driver.keys == {}


def test_where_a_window_starts_and_ends_nothing_is_early():
    driver = windows(60, 60, early=30).send(event(70), event(130))
    assert told(driver.advance(88)) == []
    assert told(driver.advance(119)) == [(60, True, 1), (60, False, 1)]
    assert told(driver.advance(END)) == [(120, True, 1), (120, False, 1)]


def test_one_interval_serves_all_windows_of_a_key():
    driver = windows(early=200).send(event(150))
    assert told(driver.advance(199)) == [(-100, False, 1), (0, True, 1), (100, True, 1)]
    assert told(driver.advance(399)) == [(0, False, 1), (100, False, 1)]


def test_what_a_watermark_has_passed_is_told_early_no_more():
    driver = windows(100, 100, early=10).send(event(50, category="other")).advance(145)
    driver.take()
    driver.send(event(130))
    assert told(driver.advance(160)) == [(100, True, 1), (100, True, 1)]


def test_a_correction_tells_the_next_number_however_many_early_firings_there_were():
    driver = windows(100, 100, 50, early=20).send(event(150)).advance(210).send(event(160))
    assert [r["revision"] for r in driver.take() if not r["early"]] == [0, 1]


def befores(driver):
    """(start, amount of the window one size earlier) of each record."""
    return [(r["start"], r["before"]) for r in driver.take()]


def test_a_window_knows_what_the_one_before_came_to_when_it_was_emitted_last():
    driver = counted(100, 100, 150, early=60).send(event(150), event(250), event(251))
    assert befores(driver.advance(299)) == [(100, None)] * 3 + [(200, 1)] * 2
    # A correction of one does not emit the other again; when that is corrected itself, it is told.
    assert befores(driver.send(event(160))) == [(100, None)]
    assert befores(driver.send(event(260))) == [(200, 2)]
    # A window after one without events.
    assert befores(driver.send(event(450)).advance(END)) == [(400, None)] * 3
    assert driver.keys == {}


def test_what_was_emitted_is_kept_as_long_as_it_can_be_asked_for():
    driver = counted(100, 100, 30).send(event(150)).advance(228)
    state = driver.keys["x"].state
    assert (set(state.panes), state.revisions, state.amounts) == ({100}, {100: 1}, {100: 1})
    driver.advance(229)
    assert (state.panes, state.revisions, state.amounts) == ({}, {}, {100: 1})
    driver.advance(328)
    assert driver.keys
    driver.advance(329)
    assert driver.keys == {}


def test_a_callback_with_an_older_watermark_repeats_nothing():
    """After a restart with less lateness PyFlink may call back with a watermark that events are ahead of."""
    driver = windows(100, 100, 1_000).send(event(150)).advance(500)
    (key,) = driver.keys.values()
    driver.take()
    list(key.analysis.on_time(120, key.state))
    assert list(key.analysis.on_time(600, key.state)) == []


def test_what_is_not_relevant_is_counted():
    assert windows().send(event(1, action="view")).counts["not-relevant"] == 1


STEPS = st.lists(st.tuples(st.integers(0, 900), st.sampled_from("kl"), st.integers(-50, 120)), min_size=1, max_size=40)
# 1, 3, 4, 7 and 30 panes.
SHAPES = st.sampled_from([(100, 100), (300, 100), (200, 50), (210, 30), (300, 10)])
# The shorter ones end between the ends of windows.
LATENESS = st.sampled_from([0, 35, 145, 1000])
INTERVALS = st.sampled_from([0, 30, 100, 250])


def drive(steps, size, slide, lateness, early=0, calls_back=lambda: True):
    """Events and watermarks by turns; the watermark moves by the third number, where that is up."""
    driver = counted(size, slide, lateness, early=early, calls_back=calls_back)
    watermark = -1
    for number, (timestamp, key, step) in enumerate(steps):
        driver.send(event(timestamp, event_id=f"e{number:02}", category=key))
        watermark = max(watermark, watermark + step)
        driver.advance(watermark)
    return driver.advance(END)


class Model:
    """Every window that ever was, looked at after every step."""

    def __init__(self, size, slide, lateness, early):
        self.size, self.slide, self.lateness = size, slide, lateness
        self.watermark = -1
        self.moments = {early * n - 1 for n in range(1, 2_000 // early)} if early else set()
        self.ids, self.finals, self.found = collections.defaultdict(list), collections.defaultdict(list), []
        self.counts = collections.Counter(used=0, late=0, partial=0)

    def last(self, start):
        return start + self.size - 1

    def tell(self, key, start, *, early):
        ids, revision = tuple(sorted(self.ids[key, start])), len(self.finals[key, start])
        before = self.finals[key, start - self.size][-1:] or [None]
        self.found.append((key, start, revision, early, before[0], ids))
        if not early:
            self.finals[key, start].append(len(ids))

    def send(self, name, key, timestamp):
        mine = [s for s in range(-self.size, 1000, self.slide) if s <= timestamp <= self.last(s)]
        still = [s for s in mine if self.last(s) > self.watermark - self.lateness]
        self.counts["used" if still else "late"] += 1
        self.counts["partial"] += 0 < len(still) < len(mine)
        for start in still:
            self.ids[key, start].append(name)
            if self.last(start) <= self.watermark:
                self.tell(key, start, early=False)

    def advance(self, watermark):
        due, moments = [], [m for m in self.moments if self.watermark < m <= watermark]
        for key, start in self.ids:
            last = self.last(start)
            due += [(last, key, start, False)] if self.watermark < last <= watermark else []
            due += [(m, key, start, True) for m in moments if start <= m < last]
        for _, key, start, early in sorted(due):
            self.tell(key, start, early=early)
        self.watermark = watermark


def model(steps, *shape):
    found = Model(*shape)
    for number, (timestamp, key, step) in enumerate(steps):
        found.send(f"e{number:02}", key, timestamp)
        found.advance(max(found.watermark, found.watermark + step))
    found.advance(END)
    return found


def results(driver):
    """What the model tells of a record."""
    names = ("key", "start", "revision", "early", "before")
    found = [json.loads(r.value) for r in driver.records if r.output == "ids"]
    return [(*(r[name] for name in names), tuple(r["ids"])) for r in found]


@given(STEPS, SHAPES, LATENESS, INTERVALS, st.randoms(use_true_random=False))
def test_as_the_model_says_however_late_the_callbacks_come(steps, shape, lateness, early, random):
    driver = drive(steps, *shape, lateness, early, calls_back=lambda: random.random() < 0.5)
    expected = model(steps, *shape, lateness, early)
    assert collections.Counter(results(driver)) == collections.Counter(expected.found)
    assert {name: driver.counts[name] for name in expected.counts} == expected.counts
    assert driver.keys == {}


@given(STEPS, SHAPES, LATENESS, st.sampled_from([30, 100, 250]))
def test_each_window_tells_early_results_then_0_1_2_and_is_as_without_early_firings(steps, shape, lateness, early):
    found = results(drive(steps, *shape, lateness, early))
    told = collections.defaultdict(list)
    for key, start, revision, is_early, *_ in found:
        told[key, start].append("early" if is_early else revision)
    for each in told.values():
        finals = [revision for revision in each if revision != "early"]
        assert finals == list(range(len(finals)))
        assert finals
        assert "early" not in each[-len(finals) :]
    assert sorted(str(r) for r in found if not r[3]) == sorted(map(str, results(drive(steps, *shape, lateness))))


@given(STEPS, SHAPES, LATENESS)
def test_no_more_is_kept_than_can_be_asked_for(steps, shape, lateness):
    driver, watermark = counted(*shape, lateness), -1
    for timestamp, key, step in steps:
        driver.send(event(timestamp, category=key))
        watermark = max(watermark, watermark + step)
        driver.advance(watermark)
        for state in (key.state for key in driver.keys.values()):
            assert all(start + shape[0] - 1 + lateness > watermark for start in [*state.panes, *state.revisions])
            assert all(start + 2 * shape[0] - 1 + lateness > watermark for start in state.amounts)
