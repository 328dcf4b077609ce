"""Numbers as people read them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

UNKNOWN = "-"
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def count(number: int | None) -> str:
    """A whole number with thousands separated."""
    return UNKNOWN if number is None else f"{number:,}"


def rate(per_second: float | None) -> str:
    """Records per second; one decimal below ten."""
    if per_second is None:
        return UNKNOWN
    return f"{per_second:,.0f}/s" if per_second >= 10 or per_second == 0 else f"{per_second:.1f}/s"


def clock(ms: int | None) -> str:
    """A length of time as hours, minutes, seconds: 00:01:05."""
    if ms is None:
        return UNKNOWN
    seconds = max(ms, 0) // 1000
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def span(ms: int | float | None) -> str:
    """A length of time with its one or two largest units: 40 ms, 4.2 s, 2 min 5 s, 3 h 20 min, 412 days."""
    if ms is None:
        return UNKNOWN
    if ms < 0:
        return "-" + span(-ms)
    if 0 < ms < 1000:
        return f"{ms:.0f} ms"
    seconds = ms / 1000
    if ms % 1000 == 0 and seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    if whole < 86400:
        return f"{whole // 3600} h {whole // 60 % 60} min"
    return f"{whole // 86400:,} day{'s' if whole >= 2 * 86400 else ''}"


def size(number: int | None) -> str:
    """Bytes in decimal units."""
    if number is None:
        return UNKNOWN
    value = float(number)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if abs(value) < 999.5 or unit == "TB":
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError


def share(ratio: float | None) -> str:
    """A ratio as percent."""
    return UNKNOWN if ratio is None else f"{ratio:.0%}"


def instant(ms: int | None) -> str:
    """A time in UTC to the second; years that a datetime cannot say stay milliseconds."""
    if ms is None:
        return UNKNOWN
    try:
        return (_EPOCH + timedelta(milliseconds=ms)).strftime("%Y-%m-%d %H:%M:%S")
    except OverflowError:
        return f"{ms} ms"


def watermark(ms: int | None, ended: bool) -> str:
    """A watermark; the last one of bounded input is the end of time."""
    return "end of input" if ended else instant(ms)


def plural(number: int, noun: str) -> str:
    """A count with its noun: 1 restart, 2 restarts."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
