from __future__ import annotations

import collections
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


def windows(lateness=0, early=0, **driver):
    return Driver(Sessions(100, lateness, "windowing-session", early, tells_revision=True), **driver)


def told(driver):
    """(start, end, "early", revision or "retracted")."""
    return [
        (r["session_start"], "retracted")
        if r.get("retracted")
        else (r["session_start"], r["session_end"], "early" if r.get("early") else r["revision"])
        for r in driver.take()
    ]


def test_what_a_window_of_a_session_says():
    driver = windows(early=600).send(event(1_000, user_id="ü"), event(1_100, user_id="ü", action="view"))
    early, final = driver.advance(1_200).records
    said = (
        '{"user_id":"ü","session_start":1000,"session_end":1100,"duration_ms":100,"event_count":2,'
        '"actions":{"purchase":1,"view":1},"unique_products":1,"purchase_count":1,"revenue":10.00,"converted":true,'
    )
    assert early == ("windowing-session", "ü", said + '"early":true}')
    assert final == ("windowing-session", "ü", said + '"revision":0}')


def test_a_session_that_keeps_its_start_goes_on_counting():
    driver = windows(500).send(event(1_000), event(1_190)).advance(1_200)
    assert told(driver.send(event(1_050))) == [(1_000, 1_000, 0), (1_000, 1_050, 1)]
    # It becomes one with another that is still open, then is over again.
    assert told(driver.send(event(1_120))) == []
    assert told(driver.advance(1_290)) == [(1_000, 1_190, 2)]
    assert driver.keys
    driver.advance(1_790)
    assert driver.keys == {}


def test_a_session_with_another_start_begins_to_count_anew():
    driver = windows(500).send(event(1_000)).advance(1_150).send(event(1_010))
    assert told(driver) == [(1_000, 1_000, 0), (1_000, 1_010, 1)]
    assert told(driver.send(event(950))) == [(1_000, "retracted"), (950, 1_010, 0)]
    assert told(driver.send(event(960))) == [(950, 1_010, 1)]
    (gone,) = [r.value for r in driver.send(event(940)).records if "retracted" in r.value]
    assert gone == '{"user_id":"x","session_start":950,"retracted":true}'


def test_early_firings_of_the_sessions_that_are_open():
    driver = windows(early=40).send(event(1_000), event(1_041, user_id="v"))
    assert told(driver.advance(1_038)) == []
    assert told(driver.advance(1_039)) == [(1_000, 1_000, "early")]
    # "v" starts at 1,041: the multiple of 1,080 is its first.
    assert told(driver.send(event(1_050)).advance(1_079)) == [(1_000, 1_050, "early"), (1_041, 1_041, "early")]
    assert told(driver.advance(1_140)) == [
        (1_000, 1_050, "early"), (1_041, 1_041, "early")
    ]  # fmt: skip
    assert told(driver.advance(1_149)) == [(1_041, 1_041, 0)]
    assert told(driver.advance(1_150)) == [(1_000, 1_050, 0)]
    assert driver.keys == {}


def test_where_a_session_is_over_nothing_is_early():
    driver = windows(early=40).send(event(1_019))
    assert told(driver.advance(END)) == [(1_019, 1_019, "early")] * 2 + [(1_019, 1_019, 0)]


def test_what_a_watermark_has_passed_is_told_early_no_more():
    driver = windows(early=40).advance(1_085).send(event(1_000))
    assert told(driver.advance(END)) == [(1_000, 1_000, 0)]


def test_an_early_record_is_retracted_when_its_session_gets_another_start():
    driver = windows(early=40).send(event(1_000), event(1_150)).advance(1_085)
    driver.take()
    assert told(driver.send(event(990))) == [(1_000, "retracted")]
    # The one that it joins was not told yet.
    assert told(driver.send(event(1_070))) == []
    assert told(driver.advance(END)) == [(990, 1_150, "early")] * 4 + [(990, 1_150, 0)]


def test_an_emitted_session_that_is_open_again_is_told_early():
    driver = windows(500, early=50).send(event(1_000)).advance(1_130).send(event(1_090))
    assert told(driver) == [(1_000, 1_000, "early")] * 2 + [(1_000, 1_000, 0)]
    assert told(driver.advance(END)) == [(1_000, 1_090, "early"), (1_000, 1_090, 1)]


STEPS = st.lists(st.tuples(st.integers(0, 900), st.sampled_from("uv"), st.integers(-50, 90)), min_size=1, max_size=40)


def drive(steps, lateness, calls_back=lambda: True, early=0):
    driver = windows(lateness, early, calls_back=calls_back)
    watermark = -1
    for timestamp, user, step in steps:
        driver.send(event(timestamp, user_id=user))
        watermark = max(watermark, watermark + step)
        driver.advance(watermark)
    return driver.advance(END)


LATENESS = st.sampled_from([0, 70, 5_000])


@given(STEPS, LATENESS, st.sampled_from([0, 40]), st.randoms(use_true_random=False))
def test_however_late_the_callbacks_come(steps, lateness, early, random):
    prompt = drive(steps, lateness, early=early)
    tardy = drive(steps, lateness, lambda: random.random() < 0.5, early)
    for driver in (prompt, tardy):
        assert driver.keys == {}
        assert driver.counts["used"] + driver.counts["late"] == len(steps)
    assert sorted(prompt.records) == sorted(tardy.records)
    assert prompt.counts == tardy.counts


@given(STEPS)
def test_what_stands_in_the_end_is_what_all_events_make_when_none_is_late(steps):
    standing = {}
    for found in drive(steps, 5_000).records:
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


@given(STEPS, LATENESS, st.sampled_from([40, 90]))
def test_each_identity_counts_0_1_2_and_what_was_told_early_ends_final_or_retracted(steps, lateness, early):
    last, revisions = {}, collections.Counter()
    for user, *found in marks(drive(steps, lateness, early=early)):
        identity, mark = (user, found[0]), found[-1]
        assert last.get(identity) != "retracted"
        if mark == "retracted":
            assert identity in last
        elif mark != "early":
            assert mark == revisions[identity]
            revisions[identity] += 1
        last[identity] = mark
    assert "early" not in last.values()


@given(STEPS, LATENESS)
def test_final_records_are_the_same_with_early_firings_and_without(steps, lateness):
    finals = [
        sorted(m for m in marks(drive(steps, lateness, early=early)) if isinstance(m[-1], int)) for early in (0, 40)
    ]
    assert finals[0] == finals[1]


@given(STEPS, st.sampled_from([0, 40]))
def test_as_the_model_of_cut_events_says(steps, early):
    """With a lateness in which nothing is closed before the end."""
    found = drive(steps, 5_000, early=early)
    assert found.keys == {}
    assert collections.Counter(marks(found)) == collections.Counter(histories(steps, early))


def marks(driver):
    """(user, start, "retracted") or (user, start, end, events, "early" or revision) of each record but late events."""
    for r in (json.loads(r.value) for r in driver.records if r.output == "windowing-session"):
        if r.get("retracted"):
            yield r["user_id"], r["session_start"], "retracted"
        else:
            mark = "early" if r.get("early") else r["revision"]
            yield r["user_id"], r["session_start"], r["session_end"], r["event_count"], mark


def histories(steps, early):
    """What is told of each user's events, cut anew after every step."""
    for user in {user for _, user, _ in steps}:
        watermark, seen, finals, published = -1, [], collections.defaultdict(list), set()
        for timestamp, its_user, step in [*steps, (None, None, 10_000)]:
            if its_user == user:
                seen.append((timestamp, user, 0))
            cut = {start: found for (_, start), found in model(seen).items()}
            for start in published - cut.keys():
                yield user, start, "retracted"
            published &= cut.keys()
            after = max(watermark, watermark + step)
            for now in sorted({watermark, after, *(m for m in range(-1, after) if early and (m + 1) % early == 0)}):
                for start, (end, events) in cut.items():
                    if watermark <= now and end + 100 <= now and finals[start][-1:] != [(end, events)]:
                        yield user, start, end, events, len(finals[start])
                        finals[start].append((end, events))
                        published.add(start)
                    elif watermark < now and start <= now < end + 100 and early and (now + 1) % early == 0:
                        yield user, start, end, events, "early"
                        published.add(start)
            watermark = after
