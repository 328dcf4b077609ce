"""Values out of JSON documents that may lack anything, or have another type there."""

from __future__ import annotations

import math
from typing import Any


def as_float(value: Any) -> float | None:
    """A finite number, also as text; None for anything else (Flink writes "NaN" for what it does not know)."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def as_int(value: Any) -> int | None:
    """A whole number, exactly when it is written as one."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            pass
    number = as_float(value)
    return None if number is None else int(number)


def as_dict(value: Any) -> dict[str, Any]:
    """An object, empty for anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """An array, empty for anything else."""
    return value if isinstance(value, list) else []
