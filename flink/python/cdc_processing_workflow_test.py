"""The workflow of cdc_processing on recorded changes, with sinks of one's own: what each of its flags does."""

from __future__ import annotations

import json

import pytest

import cdc_processing
from flinkblocks.core.session import Session

HOSTILE = "x'; DROP TABLE users;--"


@pytest.fixture
def run(tmp_path):
    """Gives the records of all outputs, each in the order in which they came."""

    def run(changes, **flags):
        lines = [change if isinstance(change, str) else json.dumps(change) for change in changes]
        (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
        flags = cdc_processing.CdcProcessingFlags(
            parallelism=1, checkpoint_path=str(tmp_path / "state"), input_path=str(tmp_path / "in.jsonl"), **flags
        )
        session = Session(flags, tmp_path / "logs", **cdc_processing.BLOCK.around.settings(flags))
        sinks = session.collecting()
        cdc_processing.define_workflow(session.environment(), session.changes(), sinks, flags)
        found = {}
        for output, _, value in sinks.run():
            found.setdefault(output, []).append(json.loads(value) if output != "dead-letter" else value)
        return found

    return run


_lsn = iter(range(1000, 10**6))


def change(op, before=None, after=None, table="users"):
    lsn = next(_lsn)
    source = {"schema": "public", "table": table, "lsn": lsn, "txId": lsn, "ts_ms": 1_767_225_600_000 + lsn,
              "snapshot": "false"}  # fmt: skip
    return {"op": op, "before": before, "after": after, "source": source, "ts_ms": source["ts_ms"]}


def user(**changed):
    times = {"created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"}
    return {"id": 7, "email": "a@b.example", "name": "A", "tier": "bronze", "status": "active", **times, **changed}


def product(stock):
    return {"id": 5, "sku": "s", "name": "n", "category": "c", "price": "2.00", "stock": stock, "reorder_level": 3,
            "updated_at": "2026-01-01T00:00:00Z"}  # fmt: skip


def test_outputs(run):
    found = run([
        change("c", None, user()),
        change("u", user(), user(tier="gold", status="suspended")),
        change("c", None, product(10), "products"),
        change("u", product(10), product(0), "products"),
        change("d", user(tier="gold", status="suspended")),
        "no change",
    ])  # fmt: skip
    assert [(r["table"], r["op"], r["changed"]) for r in found["audit-trail"]] == [
        ("users", "c", []), ("users", "u", ["tier", "status"]), ("products", "c", []), ("products", "u", ["stock"]),
        ("users", "d", []),
    ]  # fmt: skip
    assert [r["type"] for r in found["user-lifecycle-events"]] == ["registered", "suspended", "upgraded", "deleted"]
    assert [r["alert"] for r in found["inventory-alerts"]] == ["out"]
    assert found["dead-letter"] == ["no change"]
    assert "data-quality-alerts" not in found


def test_no_change_gives_no_record(run):
    assert run([]) == {}


def test_tiers(run):
    moved = [change("c", None, user(tier="gold")), change("u", user(tier="gold"), user(tier=HOSTILE))]

    def types(**flags):
        return [r["type"] for r in run(moved, **flags)["user-lifecycle-events"]]

    assert types() == ["registered"]
    assert types(tiers=f"gold,{HOSTILE}") == ["registered", "upgraded"]
    assert types(tiers=f"{HOSTILE},gold") == ["registered", "downgraded"]


def test_enable_validation(run):
    bad = [change("c", None, user(email=HOSTILE))]
    assert "data-quality-alerts" not in run(bad)
    (alert,) = run(bad, enable_validation=True)["data-quality-alerts"]
    assert (alert["table"], alert["field"], alert["value"]) == ("users", "email", HOSTILE)


def test_quality_rules(run, tmp_path):
    rules = tmp_path / "rules.yaml"
    rules.write_text("- {name: odd_name, table: users, field: name, check: email, severity: low}\n", encoding="utf-8")
    (alert,) = run([change("c", None, user())], enable_validation=True, quality_rules=str(rules))["data-quality-alerts"]
    assert (alert["rule"], alert["field"], alert["value"]) == ("odd_name", "name", "A")
