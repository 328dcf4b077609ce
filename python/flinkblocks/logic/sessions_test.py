from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from flinkblocks.logic.sessions import Sessions
from flinkblocks.logic.testing import END, Driver, event


def sessions(lateness=0, **driver):
    return Driver(Sessions(100, lateness), **driver)


def shown(driver):
    """(start, end, events), or the start alone of what is retracted."""
    return [
        r["session_start"] if r.get("retracted") else (r["session_start"], r["session_end"], r["event_count"])
        for r in driver.take()
    ]


def test_what_a_session_says():
    driver = sessions().send(
        event(1_000, user_id="ü", amount=2_500_000),
        event(1_100, user_id="ü", action="gaze", product_id="p"),
        event(1_050, user_id="ü", action="Ähm"),
    )
    (found,) = driver.advance(END).records
    assert found.key == "ü"
    assert found.value == (
        '{"user_id":"ü","session_start":1000,"session_end":1100,"duration_ms":100,"event_count":3,'
        '"actions":{"gaze":1,"purchase":1,"Ähm":1},"unique_products":2,"purchase_count":1,"revenue":2.50,'
        '"converted":true}'
    )


def test_a_gap_of_the_timeout_joins_and_a_longer_one_does_not():
    driver = sessions().send(event(1_000), event(1_100), event(1_201))
    assert shown(driver.advance(1_199)) == []
    assert shown(driver.advance(1_200)) == [(1_000, 1_100, 2)]
    assert shown(driver.advance(END)) == [(1_201, 1_201, 1)]
    assert driver.keys == {}


def test_an_event_that_no_open_session_reaches_is_late():
    driver = sessions().send(event(1_000)).advance(1_100)
    driver.take()
    assert "analysis" in driver.send(event(1_000)).take()[0]
    assert driver.send(event(1_001)).take() == []
    assert driver.counts == {"used": 2, "late": 1}


def test_an_old_event_that_an_open_session_reaches_is_not_late():
    driver = sessions().send(event(1_000), event(1_090)).advance(1_150)
    assert shown(driver.send(event(950))) == []
    assert shown(driver.advance(END)) == [(950, 1_090, 3)]


def test_a_corrected_session_replaces_itself():
    driver = sessions(lateness=200).send(event(1_000))
    assert shown(driver.advance(1_250)) == [(1_000, 1_000, 1)]
    assert shown(driver.send(event(1_050))) == [(1_000, 1_050, 2)]
    driver.advance(1_349)
    assert len(driver.keys) == 1
    driver.advance(1_350)
    assert driver.keys == {}


def test_a_session_that_begins_earlier_is_retracted():
    driver = sessions(lateness=200).send(event(1_000)).advance(1_250)
    driver.take()
    assert shown(driver.send(event(960))) == [1_000, (960, 1_000, 2)]


def test_two_that_are_joined_become_the_first():
    driver = sessions(lateness=500).send(event(1_000), event(1_150)).advance(1_300)
    assert shown(driver) == [(1_000, 1_000, 1), (1_150, 1_150, 1)]
    assert shown(driver.send(event(1_080))) == [1_150, (1_000, 1_150, 3)]


def test_an_emitted_session_may_go_on():
    driver = sessions(lateness=500).send(event(1_000), event(1_190)).advance(1_200)
    assert shown(driver) == [(1_000, 1_000, 1)]
    assert shown(driver.send(event(950))) == [1_000, (950, 1_000, 2)]
    assert shown(driver.send(event(1_095))) == []
    assert shown(driver.advance(END)) == [(950, 1_190, 4)]


STEPS = st.lists(st.tuples(st.integers(0, 900), st.sampled_from("uv"), st.integers(-50, 90)), min_size=1, max_size=40)


def drive(steps, lateness, calls_back):
    driver = sessions(lateness, calls_back=calls_back)
    watermark = -1
    for timestamp, user, step in steps:
        driver.send(event(timestamp, user_id=user))
        watermark = max(watermark, watermark + step)
        driver.advance(watermark)
    return driver.advance(END)


@given(STEPS, st.sampled_from([0, 70, 5_000]), st.randoms(use_true_random=False))
def test_however_late_the_callbacks_come(steps, lateness, random):
    prompt = drive(steps, lateness, lambda: True)
    tardy = drive(steps, lateness, lambda: random.random() < 0.5)
    for driver in (prompt, tardy):
        assert driver.keys == {}
        assert driver.counts["used"] + driver.counts["late"] == len(steps)
    assert sorted(prompt.records) == sorted(tardy.records)
    assert prompt.counts == tardy.counts


@given(STEPS)
def test_what_stands_in_the_end_is_what_all_events_make_when_none_is_late(steps):
    standing = {}
    for found in drive(steps, 5_000, lambda: True).records:
        result = json.loads(found.value)
        identity = result["user_id"], result["session_start"]
        if result.get("retracted"):
            del standing[identity]
        else:
            standing[identity] = (result["session_end"], result["event_count"])
    assert standing == model(steps)


def model(steps):
    """Sorted, and cut where the gap is too long."""
    cut, last = {}, None
    for timestamp, user in sorted(((t, u) for t, u, _ in steps), key=lambda step: (step[1], step[0])):
        if last is None or last[0] != user or timestamp - cut[last][0] > 100:
            last = user, timestamp
            cut[last] = timestamp, 0
        cut[last] = timestamp, cut[last][1] + 1
    return cut
