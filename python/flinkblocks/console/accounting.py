"""Whether every record that was read is accounted for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

_SOURCE = re.compile(r"accounting\.source\.(read|valid|dead-lettered)")
_REASON = re.compile(r"accounting\.source\.dead-lettered\.(.+)")
_ANALYSIS = re.compile(r"accounting\.(?!source\.|output\.)(.+)\.(used|not-relevant|late|held|partial)")
_OUTPUT = re.compile(r"accounting\.output\.(.+)")
# 0 when the analysis joined later: see the tally of its operator.
_SINCE_START = "since-start."


@dataclass(frozen=True)
class Analysis:
    """What became of the valid events in one analysis.

    Attributes:
        partial: of the used ones, those that came too late for some of their windows.
        before_joining: those of the runs before it joined a resumed job, which it has not seen: whatever is missing, so
            with them its accounts add up unless it has too many.
    """

    name: str
    used: int = 0
    not_relevant: int = 0
    late: int = 0
    held: int = 0
    partial: int = 0
    before_joining: int = 0

    @property
    def terms(self) -> dict[str, int]:
        """What its valid events came to, in words; they add up."""
        terms = {"used": self.used, "not relevant": self.not_relevant, "late": self.late, "held": self.held}
        return {**terms, "before it joined": self.before_joining} if self.before_joining else terms

    @property
    def total(self) -> int:
        """All terms."""
        return sum(self.terms.values())


@dataclass(frozen=True)
class Accounting:
    """The counters of a job that say where each record went.

    Attributes:
        read: records out of the source; None when the job keeps no accounts.
        valid: those that are events; None as above.
        dead_lettered: those that are not; None as above.
        reasons: dead-lettered ones by reason.
        analyses: one for each analysis of the job.
    """

    read: int | None = None
    valid: int | None = None
    dead_lettered: int | None = None
    reasons: Mapping[str, int] = field(default_factory=dict)
    analyses: Sequence[Analysis] = ()

    @property
    def kept(self) -> bool:
        """Whether the job keeps accounts at all."""
        return bool(self.analyses) or any(n is not None for n in (self.read, self.valid, self.dead_lettered))

    @property
    def late(self) -> int:
        """Late events, over all analyses."""
        return sum(analysis.late for analysis in self.analyses)

    def problems(self) -> list[str]:
        """Says what does not add up, one sentence each; empty when all does.

        Only the accounts of a job at rest add up: while it runs, its counters are read one after the other.
        """
        if not self.kept:
            return []
        read, valid, dead = self.read or 0, self.valid or 0, self.dead_lettered or 0
        found = []
        if self.read is None:
            found.append("the number of records read is missing")
        if read != valid + dead:
            found.append(_mismatch("read", read, valid + dead, {"valid": valid, "dead-lettered": dead}))
        if self.reasons and dead != sum(self.reasons.values()):
            found.append(_mismatch("dead-lettered", dead, sum(self.reasons.values()), self.reasons))
        for part in self.analyses:
            if valid != part.total:
                found.append(_mismatch(f"{part.name}: valid", valid, part.total, part.terms))
            if part.partial > part.used:
                found.append(f"{part.name}: {part.partial:,} used in part, but only {part.used:,} used")
        return found


def accounting(counters: Mapping[str, int], analyses: Sequence[str] = ()) -> Accounting:
    """Reads the accounts out of a job's accumulators.

    Args:
        counters: accumulators by name; others are ignored.
        analyses: names of those that must be there; one without any counter has all of them at 0.
    """
    source: dict[str, int] = {}
    reasons: dict[str, int] = {}
    parts: dict[str, dict[str, int]] = {name: {} for name in analyses}
    for name, count in counters.items():
        match = _SOURCE.fullmatch(name)
        if match:
            source[match.group(1)] = count
        match = _REASON.fullmatch(name)
        if match:
            reasons[match.group(1)] = count
        match = _ANALYSIS.fullmatch(name)
        if match:
            parts.setdefault(match.group(1), {})[match.group(2).replace("-", "_")] = count
    # A counter that was never raised may not exist.
    valid, dead = (source.get(name, 0 if source else None) for name in ("valid", "dead-lettered"))
    found = [Analysis(name, **counts) for name, counts in sorted(parts.items())]
    return Accounting(
        source.get("read"),
        valid,
        dead,
        dict(sorted(reasons.items())),
        tuple(_joined(part, valid or 0) if counters.get(_SINCE_START + part.name) == 0 else part for part in found),
    )


def _joined(part: Analysis, valid: int) -> Analysis:
    """The same when it joined later: what it lacks of the valid events came before that."""
    return replace(part, before_joining=max(valid - part.total, 0))


def sum_of(terms: Mapping[str, int]) -> str:
    """Terms as text: 12 used + 3 late."""
    return " + ".join(f"{count:,} {term}" for term, count in terms.items())


def outputs(counters: Mapping[str, int]) -> dict[str, int]:
    """Records handed to the sink, by output."""
    matches = ((_OUTPUT.fullmatch(name), count) for name, count in counters.items())
    return dict(sorted((match.group(1), count) for match, count in matches if match))


def _mismatch(name: str, whole: int, total: int, parts: Mapping[str, int]) -> str:
    gap = f"{whole - total:,} unaccounted for" if whole > total else f"{total - whole:,} too many"
    return f"{name} {whole:,}, but {sum_of(parts)} = {total:,}: {gap}"
