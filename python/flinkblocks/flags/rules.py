"""What must hold between two flags. A rule is data, so that the Java programs check the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flinkblocks.errors import UsageError
from flinkblocks.flags.durations import Duration
from flinkblocks.flags.spec import Spec, one_of, quoted

#: So often one flag may go into another: as many windows are open at a time, or tell what they have so far.
_MOST_PARTS = 10_000

#: Whether it holds of two values, for which the second may have to be `among` some; how it is broken; the cure.
_RELATIONS: dict[str, tuple[Callable[[Any, Any, tuple[str, ...]], bool], str, str]] = {
    "differs": (lambda a, b, _: a != b, "is the same as", "give two different ones"),
    "at-most": (lambda a, b, _: a <= b, "is more than", "give at most as much"),
    "less-than": (lambda a, b, _: a < b, "is not less than", "give less"),
    "divides": (
        lambda a, b, _: b % a == 0 and b // a <= _MOST_PARTS,
        "does not divide",
        f"give one that goes into it a whole number of times, at most {_MOST_PARTS:,}",
    ),
    "not-too-often": (
        lambda a, b, _: b <= a * _MOST_PARTS or not a,
        "goes too often into",
        f"give at least a {_MOST_PARTS:,}th of it",
    ),
    "excludes": (lambda a, b, _: False, "does not go with", "give one of the two"),
    "needs": (
        lambda _, b, among: not _several(b).isdisjoint(among),
        "needs {one_of} in",
        "give --{second} with {one_of}, or leave out --{first}",
    ),
    "takes-only": (
        lambda _, b, among: _several(b).issubset(among),
        "takes only {one_of} of",
        "give --{second} {list}, or leave out --{first}",
    ),
}
#: These look at a flag only when it has another value than its default.
_ABOUT_CHANGES = ("needs", "takes-only")


@dataclass(frozen=True)
class Rule:
    """`first` relation `second`; it holds when one of them is not set.

    Attributes:
        first: a flag's name.
        relation: differs, at-most, less-than, divides, not-too-often (0 is fine) or excludes; and, when the first has
            another value than its default: needs (the second is, or has, one that is among some), takes-only (nothing
            but those).
        second: a flag's name.
        among: those values of the second, for needs and takes-only.
        when: a flag's name, then values: the rule counts only if the flag is, or has, one of them. Empty: always.
    """

    first: str
    relation: str
    second: str
    among: tuple[str, ...] = ()
    when: tuple[str, ...] = ()

    def check(self, flag: Callable[[str], tuple[Spec, Any]]) -> None:
        """Checks the values of the flags.

        Args:
            flag: what is known of a flag, and its value.

        Raises:
            UsageError: the rule does not hold.
        """
        pair = flag(self.first), flag(self.second)
        if None in (value for _, value in pair) or not self._counts(flag):
            return
        holds, broken, cure = _RELATIONS[self.relation]
        if not holds(*(value.ms if isinstance(value, Duration) else value for _, value in pair), self.among):
            first, second = (f"--{spec.name} {quoted(spec.show(value))}" for spec, value in pair)
            words = {
                "first": self.first,
                "second": self.second,
                "one_of": one_of(self.among),
                "list": ",".join(self.among),
            }
            raise UsageError(f"{first} {broken.format(**words)} {second}", cure.format(**words))

    def _counts(self, flag: Callable[[str], tuple[Spec, Any]]) -> bool:
        spec, value = flag(self.first)
        if self.relation in _ABOUT_CHANGES and value == spec.default_value:
            return False
        return not self.when or not _several(flag(self.when[0])[1]).isdisjoint(self.when[1:])


def _several(value: Any) -> set[Any]:
    """The values of a flag that can have several; none of one that is not set; a switch's as they are written."""
    if isinstance(value, bool):
        return {str(value).lower()}
    return set(value) if isinstance(value, tuple) else {value} - {None}
