from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flinkblocks.console.accounting import Accounting, accounting, outputs

COUNTS = st.integers(min_value=0, max_value=2**62)
NAMES = st.from_regex(r"[a-z][a-z-]{0,20}", fullmatch=True).filter(lambda name: name != "source")


@st.composite
def counters(draw):
    """Accumulators that add up, of any number of analyses."""
    found = {}
    reasons = draw(st.dictionaries(NAMES, COUNTS, max_size=4))
    dead = sum(reasons.values()) if reasons else draw(COUNTS)
    parts = draw(st.lists(COUNTS, min_size=4, max_size=4))
    valid = sum(parts)
    found["accounting.source.read"] = valid + dead
    found["accounting.source.valid"] = valid
    found["accounting.source.dead-lettered"] = dead
    found.update({f"accounting.source.dead-lettered.{reason}": n for reason, n in reasons.items()})
    for name in draw(st.sets(NAMES, min_size=1, max_size=3)):
        turned = draw(st.permutations(parts))
        for part, n in zip(("used", "not-relevant", "late", "held"), turned):
            found[f"accounting.{name}.{part}"] = n
        found[f"accounting.{name}.partial"] = draw(st.integers(0, turned[0]))
    return found


@given(counters())
def test_what_adds_up_has_no_problems(found):
    assert accounting(found).kept
    assert accounting(found).problems() == []


@given(counters(), st.data())
def test_one_counter_changed_is_a_problem(found, data):
    name = data.draw(st.sampled_from(sorted(n for n in found if not n.endswith(".partial"))))
    delta = data.draw(st.integers(1, 10**6))
    # One of several reasons may be lowered below nothing: the sum is wrong all the same.
    changed = {**found, name: found[name] + data.draw(st.sampled_from([delta, -delta]))}
    assert accounting(changed).problems()


def test_mismatch_is_named_with_its_numbers():
    found = accounting({"accounting.source.read": 1000, "accounting.source.valid": 990, "accounting.rev.used": 1200})
    assert found.problems() == [
        "read 1,000, but 990 valid + 0 dead-lettered = 990: 10 unaccounted for",
        "rev: valid 990, but 1,200 used + 0 not relevant + 0 late + 0 held = 1,200: 210 too many",
    ]


def test_missing_read_and_partial_beyond_used():
    found = accounting({"accounting.source.valid": 0, "accounting.rev.partial": 1})
    assert found.problems() == [
        "the number of records read is missing",
        "rev: 1 used in part, but only 0 used",
    ]


def test_an_analysis_that_must_be_there():
    found = accounting({"accounting.source.read": 5, "accounting.source.valid": 5}, analyses=["rev"])
    assert [part.name for part in found.analyses] == ["rev"]
    assert len(found.problems()) == 1


@given(counters(), st.data())
def test_what_an_analysis_misses_that_joined_later(found, data):
    name = data.draw(st.sampled_from([n for n in found if n.endswith(".used")])).split(".")[1]
    seen = data.draw(st.integers(0, found[f"accounting.{name}.used"]))
    missing = found[f"accounting.{name}.used"] - seen
    fewer = {**found, f"accounting.{name}.used": seen, f"accounting.{name}.partial": 0}
    assert accounting({**fewer, f"since-start.{name}": 0}).problems() == []
    told = {part.name: part.before_joining for part in accounting({**fewer, f"since-start.{name}": 0}).analyses}
    assert told == {**dict.fromkeys(told, 0), name: missing}
    for others in ({}, {f"since-start.{name}": 2}, {"since-start.another": 0}):
        assert bool(accounting({**fewer, **others}).problems()) == (missing > 0)


@given(counters(), st.integers(1, 10**6))
def test_an_analysis_that_joined_later_has_not_too_many(found, more):
    joined = {f"since-start.{n.split('.')[1]}": 0 for n in found if n.endswith(".used")}
    assert accounting({**found, **joined}) == accounting(found)
    used = next(n for n in found if n.endswith(".used"))
    (problem,) = accounting({**found, **joined, used: found[used] + more}).problems()
    assert problem.endswith(f": {more:,} too many")


def test_job_without_accounts():
    found = accounting({"numbers": 3, "accounting.output.a": 4, "accounting.source.other": 1, "accounting.x": 2})
    assert found == Accounting()
    assert not found.kept
    assert found.problems() == []


def test_late_is_over_all_analyses():
    found = accounting({"accounting.a.late": 2, "accounting.b.late": 3})
    assert found.late == 5
    assert found.kept


@pytest.mark.parametrize("field", ["used", "not_relevant", "late", "held", "before_joining"])
def test_each_part_counts(field):
    analysis = accounting({"accounting.a.used": 1}).analyses[0]
    assert replace(analysis, **{field: 7}).total == (7 if field == "used" else 8)


def test_outputs():
    assert outputs(
        {"accounting.output.b": 1, "accounting.output.a": 0, "accounting.a.used": 9, "accounting.output.": 3}
    ) == {"a": 0, "b": 1}
