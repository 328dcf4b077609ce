"""The analyses of the blocks, as their flags describe them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from flinkblocks.logic.amounts import at_least, at_most
from flinkblocks.logic.fraud import Fraud, Thresholds
from flinkblocks.logic.high_value import HighValue
from flinkblocks.logic.measures import Measures
from flinkblocks.logic.ordered import Ordered
from flinkblocks.logic.popularity import Popularity
from flinkblocks.logic.revenue import Revenue
from flinkblocks.logic.sessions import Sessions
from flinkblocks.logic.windows import Windows

_MINUTE = 60_000

#: The values of the flags by their names, as the Java core takes them: text, durations in ms.
Settings = Mapping[str, str]


def revenue(settings: Settings) -> Windows:
    """revenue-metrics: tumbling windows of a minute."""
    return Windows(Revenue(), _MINUTE, _MINUTE, int(settings["allowed-lateness"]))


def popularity(settings: Settings) -> Windows:
    """analytics-results: sliding windows."""
    return Windows(
        Popularity(int(settings["popularity-top"])),
        int(settings["popularity-window"]),
        int(settings["popularity-slide"]),
        int(settings["allowed-lateness"]),
    )


def sessions(settings: Settings) -> Sessions:
    """user-sessions."""
    return Sessions(int(settings["session-timeout"]), int(settings["allowed-lateness"]))


def fraud_alerts(settings: Settings) -> Ordered:
    """fraud-alerts: rules over a user's purchases in their order."""
    return Ordered(
        Fraud(
            Thresholds(
                velocity_purchases=int(settings["velocity-purchases"]),
                velocity_window=int(settings["velocity-window"]),
                high_amount_purchases=int(settings["high-amount-purchases"]),
                high_amount_factor=int(settings["high-amount-factor"]),
                high_amount_window=int(settings["high-amount-window"]),
                small_amount=at_most(Decimal(settings["small-amount"])),
                large_amount=at_least(Decimal(settings["large-amount"])),
                small_then_large_window=int(settings["small-then-large-window"]),
                many_ips=int(settings["many-ips"]),
                many_ips_window=int(settings["many-ips-window"]),
                history=int(settings["fraud-history"]),
            )
        )
    )


def high_value(settings: Settings) -> HighValue:
    """high-value-transactions."""
    return HighValue(at_least(Decimal(settings["high-value-threshold"])))


def tumbling(settings: Settings) -> Windows:
    """windowing-tumbling: tumbling windows."""
    size = int(settings["tumbling-minutes"])
    return Windows(Measures("windowing-tumbling"), size, size, **_corrections(settings))


def sliding(settings: Settings) -> Windows:
    """windowing-sliding: sliding windows, each compared with the one that ended where it begins."""
    size, slide = int(settings["sliding-minutes"]), int(settings["slide-minutes"])
    return Windows(Measures("windowing-sliding", compares=True), size, slide, **_corrections(settings))


def session_windows(settings: Settings) -> Sessions:
    """windowing-session: sessions, with their revisions."""
    timeout = int(settings["session-timeout"])
    return Sessions(timeout, **_corrections(settings), output="windowing-session", tells_revision=True)


def _corrections(settings: Settings) -> dict[str, int]:
    return {
        "allowed_lateness": int(settings["allowed-lateness"]),
        "early_firing": int(settings["early-firing"]),
    }
