"""What the costs of workloads are to each other: of all in one job to each alone, of many panes to few."""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Mapping, Sequence

from tools.bench.suites import Suite

#: How much more than the sum of its parts a workload may cost.
SURCHARGE = 1.1


@dataclasses.dataclass(frozen=True)
class Relation:
    """A workload's cost beside what others come to.

    Attributes:
        workload: its name.
        arm: of both, the title.
        cpu_ns: per event, the median.
        other: what it is compared with, in words.
        other_cpu_ns: per event, of medians.
        unit: what the suite calls an event.
    """

    workload: str
    arm: str
    cpu_ns: float
    other: str
    other_cpu_ns: float
    unit: str

    def __str__(self) -> str:
        """For people."""
        times = self.cpu_ns / self.other_cpu_ns
        return (
            f"{self.workload}, {self.arm}: {self.cpu_ns:,.0f} CPU ns/{self.unit}, {times:.2f} x the "
            f"{self.other_cpu_ns:,.0f} of {self.other}"
        )


def relations(suite: Suite, costs: Mapping[str, Mapping[str, Sequence[float]]]) -> list[Relation]:
    """All that the suite asks for and that was measured.

    Args:
        suite: the suite.
        costs: CPU ns per event of each run, by arm's title and workload, over the same input.
    """
    found = []
    for arm, measured in costs.items():
        medians = {workload: statistics.median(values) for workload, values in measured.items() if values}
        for workload, (common, *parts) in suite.sums.items():
            if {workload, common, *parts} <= medians.keys():
                alone = sum(medians[part] - medians[common] for part in parts)
                other = f"{common} + {SURCHARGE} x the sum of what each adds to it alone"
                least = medians[common] + SURCHARGE * alone
                found.append(Relation(workload, arm, medians[workload], other, least, suite.unit))
        for workload, other in suite.ratios:
            if {workload, other} <= medians.keys():
                found.append(Relation(workload, arm, medians[workload], other, medians[other], suite.unit))
    return found
