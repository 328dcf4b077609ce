"""What must hold between two flags. A rule is data, so that the Java programs check the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flinkblocks.errors import UsageError
from flinkblocks.flags.durations import Duration
from flinkblocks.flags.spec import Spec, quoted

#: So often one flag may go into another: as many windows are open at a time.
_MOST_PARTS = 10_000

_RELATIONS = {
    "differs": (lambda a, b: a != b, "is the same as", "give two different ones"),
    "at-most": (lambda a, b: a <= b, "is more than", "give at most as much"),
    "divides": (
        lambda a, b: b % a == 0 and b // a <= _MOST_PARTS,
        "does not divide",
        f"give one that goes into it a whole number of times, at most {_MOST_PARTS:,}",
    ),
    "excludes": (lambda a, b: False, "does not go with", "give one of the two"),
}


@dataclass(frozen=True)
class Rule:
    """`first` relation `second`; it holds when one of them is not set.

    Attributes:
        first: a flag's name.
        relation: differs, at-most, divides or excludes.
        second: a flag's name.
    """

    first: str
    relation: str
    second: str

    def check(self, first: tuple[Spec, Any], second: tuple[Spec, Any]) -> None:
        """Checks the values of the two flags.

        Raises:
            UsageError: the rule does not hold.
        """
        holds, broken, cure = _RELATIONS[self.relation]
        numbers = [value.ms if isinstance(value, Duration) else value for _, value in (first, second)]
        if None not in numbers and not holds(*numbers):
            shown = [f"--{spec.name} {quoted(spec.show(value))}" for spec, value in (first, second)]
            raise UsageError(f"{shown[0]} {broken} {shown[1]}", cure)
