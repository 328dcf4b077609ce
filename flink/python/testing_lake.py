"""Reading what --lake-path has become."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterable

import pyarrow
import pyarrow.dataset

from flinkblocks.testing.checker import differences


def lake_differences(folder: pathlib.Path, trail: Iterable[bytes]) -> list[str]:
    """What a lake has otherwise than the records of audit-trail.

    Args:
        folder: of the lake.
        trail: the values of the records.

    Returns:
        Lines for people; empty when each record is in both, as often.
    """
    return differences(map(_shown, map(json.loads, trail)), map(_shown, _records(folder)), "lake")


def _records(folder: pathlib.Path) -> list[dict]:
    """The records of Parquet files, as the audit trail has them."""
    table = pyarrow.dataset.dataset(folder, partitioning="hive").to_table()
    assert table.schema.field("time").type == pyarrow.timestamp("ms", tz="UTC")
    found = table.to_pylist()
    for record in found:
        assert record.pop("date") == record["time"].strftime("%Y-%m-%d")
        record["time"] = round(record["time"].timestamp() * 1000)
        for name in ("key", "before", "after"):
            record[name] = record[name] and json.loads(record[name])
    return found


def _shown(record: dict) -> str:
    return json.dumps(record, sort_keys=True)
