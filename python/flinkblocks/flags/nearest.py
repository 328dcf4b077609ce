"""Did you mean ...? The flag that a mistyped name is nearest to."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(typed: str, names: Iterable[str]) -> str | None:
    """The name that was most likely meant, None when none is near.

    Near is: one change (a letter left out, added, changed, or two swapped) in three letters, at most
    three; or else being the only name that starts so.

    Args:
        typed: the unknown name, without dashes in front.
        names: the known names; of equally near ones the first counts.
    """
    names = list(names)
    typed = typed.lower().replace("_", "-")
    best = min(names, key=lambda name: distance(typed, name), default=None)
    if best is not None and distance(typed, best) <= min(3, max(1, len(typed) // 3)):
        return best
    begun = [name for name in names if typed and name.startswith(typed)]
    return begun[0] if len(begun) == 1 else None


def distance(a: str, b: str) -> int:
    """How many letters to leave out, add, change or swap with their neighbour to get from one to the other.

    This is the optimal string alignment distance; one row for each of the last two letters of `a`.
    """
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
