import dataclasses

import pytest

from tools.bench.relations import relations
from tools.bench.suites import SUITES

SUITE = dataclasses.replace(
    SUITES["windowing_aggregations"], sums={"all": ("parse", "a", "b")}, ratios=(("many", "few"),)
)


def test_a_sum_counts_what_is_common_once():
    (found,) = relations(SUITE, {"ours": {"parse": [90, 100, 900], "a": [300], "b": [150], "all": [375]}})
    assert found.cpu_ns == 375
    assert found.other_cpu_ns == pytest.approx(100 + 1.1 * (200 + 50))
    assert str(found) == (
        "all, ours: 375 CPU ns/event, 1.00 x the 375 of parse + 1.1 x the sum of what each adds to it alone"
    )


def test_a_ratio_is_one_of_medians_for_each_arm():
    costs = {"many": [20, 30, 99], "few": [25]}
    found = relations(SUITE, {"ours": costs, "stock": {"many": [1], "few": [2]}})
    assert [(each.arm, each.cpu_ns / each.other_cpu_ns) for each in found] == [("ours", 1.2), ("stock", 0.5)]


@pytest.mark.parametrize("missing", ["parse", "a", "b", "all"])
def test_what_was_not_measured_is_not_told(missing):
    costs = {"parse": [1], "a": [2], "b": [3], "all": [4], "many": [5]}
    assert relations(SUITE, {"ours": {**costs, missing: []}}) == []
    del costs[missing]
    assert relations(SUITE, {"ours": costs}) == []


@pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)
def test_what_a_suite_names_is_there(suite):
    named = {name for workload, parts in suite.sums.items() for name in (workload, *parts)}
    named |= {name for pair in suite.ratios for name in pair}
    named |= {name for lacks in (*suite.lacks.values(), *suite.slow.values()) for name in lacks}
    assert named <= suite.workloads.keys()
    assert {*suite.lacks, *suite.slow} <= {*suite.arms}


def test_all_in_one_job_is_the_sum_of_its_parts():
    suite = SUITES["windowing_aggregations"]
    _, *parts = suite.sums["all"]
    together = suite.workloads["all"]
    assert together.analyses == tuple(name for part in parts for name in suite.workloads[part].analyses)
    set_there = {_without_types(suite.workloads[part].flags) for part in parts}
    assert set_there == {(), _without_types(together.flags)}
    tables = SUITES["cdc_processing"]
    assert tables.workloads["all"].analyses == tables.sums["all"][1:]


def _without_types(flags):
    assert flags[0] == "--window-types"
    return flags[2:]
