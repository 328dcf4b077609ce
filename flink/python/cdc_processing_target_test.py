"""The whole stack: cdc_processing on its cluster, stopped, resumed and disturbed; and a second stack beside it."""

from __future__ import annotations

import contextlib
import secrets

import psutil
import pytest

from flinkblocks.console import FlinkRest
from flinkblocks.stack import SERVICES, Stack, cli, temporary_stack
from flinkblocks.stack.postgres import secrets_folder
from flinkblocks.stack.postgres_databases import ROLES
from flinkblocks.testing import cdc
from flinkblocks.testing.kafka import Topics
from flinkblocks.testing.waiting import until
from testing_cdc import Pipeline
from testing_lake import lake_differences
from testing_places import processes


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Of everything, and the user's state folder."""
    folder = tmp_path_factory.mktemp("target")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module")
def stack(folder):
    """Its passwords were there before, as awkward as they come."""
    planted = secrets_folder(Stack.named("first").folder)
    planted.mkdir(parents=True)
    for role in ROLES:
        (planted / role).write_text(f'{secrets.token_hex(8)} {role}\'s \\ "${{x}}" ö;--', encoding="utf-8")
    with temporary_stack(Stack.named("first").folder, *SERVICES) as stack:
        yield stack
    left = [p for p in psutil.Process().children(recursive=True) if p.status() != psutil.STATUS_ZOMBIE]
    assert left == []


@pytest.fixture
def rest(stack):
    with contextlib.closing(FlinkRest(stack.services()["flink"].address)) as rest:
        yield rest


def test_a_savepoint_and_a_lost_taskmanager_change_nothing(stack, folder, rest):
    lake = folder / "lake"
    target = stack.services()["flink"].address
    with contextlib.closing(Pipeline(stack, folder, "--target", target, "--lake-path", lake)) as run:
        run.fill(300)
        run.start()
        run.work(rate=40)
        run.wait_changes(300)
        assert run.leaks() == []
        first = run.stop()
        until(lambda: nothing_runs(rest))
        run.wait_changes(400)
        run.start("--from-savepoint", "latest")
        assert restored_from(rest) == first["savepoint"]
        run.wait_changes(600)
        run.kill_taskmanager()
        run.wait_changes(900)
        run.stop_work()
        run.wait_audit()
        assert run.verify().startswith("EQUAL"), run.verify()
        assert run.leaks() == []
        second = run.stop()
        until(lambda: nothing_runs(rest))
        assert [(s["ended"], s["resumed"], s["accounting"]["adds_up"]) for s in (first, second)] == [
            ("STOPPED", False, True), ("STOPPED", True, True),
        ]  # fmt: skip
        assert restored(rest, first) == 0
        assert restored(rest, second) >= 2
        assert run.differences() == []
        assert run.dead_letters() == []
        alerts = run.quality_alerts()
        assert len(alerts) == len(set(alerts)) > 0
        assert lake_differences(lake, [record.value for record in run.topics.read(cdc.AUDIT)]) == []


def nothing_runs(rest: FlinkRest) -> bool:
    """Whether all jobs of a cluster have ended as they should, and all its slots are free."""
    overview = rest.get("/overview")
    ended = {job["status"] for job in rest.get("/jobs")["jobs"]} == {"FINISHED"}
    return ended and overview["slots-available"] == overview["slots-total"]


def restored_from(rest: FlinkRest) -> str:
    """What the one running job of a cluster began with."""
    (job,) = (job["id"] for job in rest.get("/jobs")["jobs"] if job["status"] == "RUNNING")
    return rest.get(f"/jobs/{job}/checkpoints")["latest"]["restored"]["external_path"]


def restored(rest: FlinkRest, summary: dict) -> int:
    """How often a job has begun with a savepoint, or anew with a checkpoint."""
    return rest.get(f"/jobs/{summary['job_id']}/checkpoints")["counts"]["restored"]


def test_a_second_stack_is_another_one(stack, capfd):
    def tell(name: str, *command: str) -> str:
        """What the command line says of the stack of that name."""
        capfd.readouterr()
        assert cli.main(["--name", name, *command]) == 0
        return capfd.readouterr().out

    second = Stack.named("second")
    stacks = {"first": stack, "second": second}
    try:
        tell("second", "up")
        assert ports(stack).isdisjoint(ports(second))
        for name, each in stacks.items():
            assert ready(each) == list(SERVICES)
            assert {ip for ip, _ in listening(each)} == {"127.0.0.1"}
            assert ports(each) <= {port for _, port in listening(each)}
            topics = Topics(each.services()["kafka"].address)
            topics.create("beside", 1)
            topics.write("beside", 0, [name.encode()])
            tell(name, "psql", "analytics", "-c", f"CREATE TABLE beside AS SELECT '{name}'::text")
        for name in stacks:
            assert tell(name, "read", "beside") == f"{name}\n"
            assert tell(name, "psql", "analytics", "-Atc", "TABLE beside") == f"{name}\n"
        family = [process for root in roots(second) for process in (root, *root.children(recursive=True))]
        home = (second.folder / "postgres" / "home").resolve()
    finally:
        tell("second", "down", "--purge")
    assert psutil.wait_procs(family, timeout=30)[1] == []
    assert [place for place, text in processes() if str(second.folder).encode() in text] == []
    assert (second.folder.exists(), home.exists()) == (False, False)
    assert ready(stack) == list(SERVICES)
    assert tell("first", "read", "beside") == "first\n"
    assert tell("first", "psql", "analytics", "-Atc", "TABLE beside") == "first\n"


def ready(stack: Stack) -> list[str]:
    """The services of a stack that are of use."""
    return [name for name, running in stack.services().items() if running.alive and running.ready]


def ports(stack: Stack) -> set[int]:
    """Those that a stack has for its services."""
    return {port for running in stack.services().values() for port in running.site.ports.values()}


def roots(stack: Stack) -> list[psutil.Process]:
    """The processes that a stack has started."""
    return [psutil.Process(d.pid) for running in stack.services().values() for d in running.daemons.values()]


def listening(stack: Stack) -> set[tuple[str, int]]:
    """Addresses and ports that a stack listens on."""
    found = [c for process in roots(stack) for c in process.net_connections() if c.status == "LISTEN"]
    return {(c.laddr.ip.removeprefix("::ffff:"), c.laddr.port) for c in found}
