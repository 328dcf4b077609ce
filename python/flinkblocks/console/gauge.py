"""What stands beside a job and can go wrong while the job is well."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Gauge:
    """How something outside the job stands.

    Attributes:
        label: what it is part of, a word: source.
        text: how it stands: replication slot shop holds back 12.3 MB of WAL.
        value: the number in the text, in its base unit; None when it is not known.
        warning: what is wrong, with its cure; empty when nothing is.
    """

    label: str
    text: str
    value: int | None = None
    warning: str = ""
