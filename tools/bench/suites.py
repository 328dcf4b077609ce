"""The suites: for each block the workloads, who takes part, and who cannot compute what."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True)
class Workload:
    """What an arm computes in one run.

    Attributes:
        analyses: by names that all arms know; none for what every job does before: read and parse.
        flags: of the block, where they are not the defaults.
    """

    analyses: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        """As an arm is told."""
        return " ".join(["+".join(self.analyses), *self.flags])


@dataclasses.dataclass(frozen=True)
class Suite:
    """The benchmark of one block.

    Attributes:
        block: its name.
        workloads: by name, in the order of the report.
        arms: the names of those that take part.
        lacks: by arm, the workloads that it cannot compute as the contract says, and why not.
        slow: by arm, the workloads in which it gets the shorter input, as a slow arm does in all.
        sums: by workload, others that do the same one by one: together they should not cost more. The first of them
            is what every job does, and all of them have in common.
        ratios: pairs of workloads, whose costs should not be far from each other.
        tables: whether it is about tables that change: the input are Debezium's envelopes, the outputs are changes of
            tables, of which the rows in the end count, and a run that is measured does not write them.
        records: of the input, where the command line does not say how many.
        slow_records: of the shorter one.
        record_bytes: about as many has a record.
    """

    block: str
    workloads: Mapping[str, Workload]
    arms: tuple[str, ...]
    lacks: Mapping[str, Mapping[str, str]]
    slow: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    sums: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    ratios: tuple[tuple[str, str], ...] = ()
    tables: bool = False
    records: int = 3_000_000
    slow_records: int = 50_000
    record_bytes: int = 310

    @property
    def unit(self) -> str:
        """What a record of the input is called."""
        return "change" if self.tables else "event"

    def lack(self, arm: str, workload: str) -> str | None:
        """Why an arm does not have a workload; None if it has."""
        return self.lacks.get(arm, {}).get(workload)


_OURS = ("ours-java", "ours-java-again", "ours-python", "engine-python")

_SHOP_SQL = {
    "fraud": "the rules look at a user's purchases one by one, in the order of event time, with a state of their own",
    "all": "it has no fraud-alerts",
}
_SHOP = Suite(
    "streaming_analytics",
    {
        "revenue": Workload(("revenue",)),
        "popularity": Workload(("popularity",)),
        "sessions": Workload(("sessions",)),
        "fraud": Workload(("fraud",)),
        "all": Workload(("revenue", "sessions", "fraud", "popularity", "high-value")),
    },
    arms=(*_OURS, "stock", "sql", "sql-tuned", "pyflink", "floor"),
    lacks={
        "sql": _SHOP_SQL,
        "sql-tuned": _SHOP_SQL,
        "pyflink": dict.fromkeys(
            ("popularity", "sessions", "fraud", "all"),
            "it is written for revenue alone; `engine-python` has PyFlink's cost in the other workloads",
        ),
    },
)

_TYPES = ("tumbling", "sliding", "session", "global", "multi_level", "pattern")
_SLIDING = ("sliding", "sliding-10", "sliding-600")
_WINDOWS_SQL = {
    "parse": "what is parsed depends on the query",
    "global": "there is no window that a count, a timeout and an evictor make",
    "multi_level": "a level needs the distinct users of the one below, which hands on their number alone",
    "pattern": "MATCH_RECOGNIZE knows no windows, so it cannot say that nothing followed before the end of one",
    "all": "it does not have all of them",
}
_WINDOWS_PYTHON = {
    **dict.fromkeys(
        ("parse", "global", "multi_level", "pattern", "all"),
        "`--engine python` has tumbling, sliding and session windows",
    ),
    **dict.fromkeys(("sliding-10", "sliding-600"), "one slide is enough to see what Python costs"),
}


def _windows(*types: str, size: str = "10min", slide: str = "") -> Workload:
    """Types of windows, with the block's defaults but for the sliding ones."""
    flags = ("--window-types", ",".join(types))
    return Workload(types, (*flags, "--sliding-minutes", size, "--slide-minutes", slide) if slide else flags)


_WINDOWS = Suite(
    "windowing_aggregations",
    {
        "parse": Workload(),
        "tumbling": _windows("tumbling"),
        # Of 60 panes; of 10 and of 600, with as many results.
        "sliding": _windows("sliding", slide="10s"),
        "sliding-10": _windows("sliding", size="10s", slide="1s"),
        "sliding-600": _windows("sliding", slide="1s"),
        "session": _windows("session"),
        "global": _windows("global"),
        "multi_level": _windows("multi_level"),
        "pattern": _windows("pattern"),
        "all": _windows(*_TYPES, slide="10s"),
    },
    arms=(*_OURS, "stock", "sql", "sql-tuned", "floor"),
    lacks={"engine-python": _WINDOWS_PYTHON, "sql": _WINDOWS_SQL, "sql-tuned": _WINDOWS_SQL},
    # There each event goes into all its windows, or each window is put together of all its slices.
    slow={"stock": ("sliding-600",), "sql": _SLIDING, "sql-tuned": _SLIDING},
    sums={"all": ("parse", *_TYPES)},
    ratios=(("sliding-600", "sliding-10"),),
)

_CDC_SQL = ("sql", "sql-without-doubles", "sql-tuned", "sql-mini-batch")
_CDC = Suite(
    "cdc_processing",
    {
        "parse": Workload(),
        "customers": Workload(("customers",)),
        "products": Workload(("products",)),
        "all": Workload(("customers", "products")),
    },
    arms=("ours-java", "ours-java-again", *_CDC_SQL),
    lacks=dict.fromkeys(_CDC_SQL, {"parse": _WINDOWS_SQL["parse"]}),
    sums={"all": ("parse", "customers", "products")},
    tables=True,
    records=200_000,
    slow_records=20_000,
    record_bytes=800,
)

#: By the block's name.
SUITES = {suite.block: suite for suite in (_SHOP, _WINDOWS, _CDC)}
