import contextlib
import json
import os
import pathlib
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from flink_common import CommonFlags
from flinkblocks.errors import UsageError
from flinkblocks.flags import Duration, FlagSet, Group, Rule, parse, resolve, show_config
from flinkblocks.flags.durations import LONGEST_MS, UNITS
from flinkblocks.flags.nearest import distance, nearest
from testing_flags import DemoFlags

CASES = json.loads(pathlib.Path("flink/python/flag_cases.json").read_text(encoding="utf-8"))
HOME = {"HOME": "/home/me", "BUILD_WORKING_DIRECTORY": "/work"}


def filled(value, folder):
    if isinstance(value, str):
        return value.replace("{dir}", str(folder))
    if isinstance(value, list):
        return [filled(item, folder) for item in value]
    return {key: filled(item, folder) for key, item in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_case_of_both_languages(case, tmp_path, capsys):
    for name, text in case.get("files", {}).items():
        (tmp_path / name).write_bytes(text.encode())
    for name, text in case.get("latin1_files", {}).items():
        (tmp_path / name).write_bytes(text.encode("latin-1"))
    case = filled(case, tmp_path)
    env = {**filled(CASES["env"], tmp_path), **case.get("env", {})}
    if "error" in case or "show" in case:
        with pytest.raises(SystemExit) as stop:
            parse(DemoFlags, case["argv"], env)
        out, err = capsys.readouterr()
        if "error" in case:
            assert (err, out, stop.value.code) == (f"error: {case['error']}\n", "", 2)
        else:
            assert (err, stop.value.code) == ("", 0)
            missing = [line for line in case["show"] if not any(x.startswith(line) for x in out.splitlines())]
            assert not missing, out
        return
    flags = parse(DemoFlags, case["argv"], env)
    settings = flags.settings()
    assert {name: settings.get(name) for name in case.get("settings", {})} == case.get("settings", {})
    assert not [name for name in case.get("unset", []) if name in settings]
    for name, secret in case.get("secrets", {}).items():
        assert getattr(flags, name.replace("-", "_")).get_secret_value() == secret


def test_defaults():
    assert parse(DemoFlags, [], HOME).settings() == CASES["all_defaults"]


def test_types():
    flags = parse(DemoFlags, ["--late-events", "0.1", "--window-types", "session", "--duration", "90s"], HOME)
    assert flags.late_events == Decimal("0.1")
    assert flags.window_types == ("session",)
    assert flags.tables is None
    assert flags.duration == Duration(90_000)
    assert flags.duration.seconds == 90
    assert flags.verbose is False


@pytest.mark.parametrize(
    ("argv", "source", "sink"),
    [
        ([], "generator", "files"),
        (["--kafka-servers", "a:1"], "kafka", "kafka"),
        (["--kafka-servers", "a:1", "--input-path", "/i"], "files", "kafka"),
        (["--kafka-servers", "a:1", "--output-path", "/o"], "kafka", "files"),
    ],
)
def test_where_events_come_from_and_results_go(argv, source, sink):
    flags = parse(DemoFlags, argv, HOME)
    assert (flags.input, flags.output) == (source, sink)


def test_values_by_name_are_checked_alike():
    flags = DemoFlags(parallelism=2, duration=Duration(5), kafka_servers="a:1", postgres_password=SecretStr("hunter2"))
    assert flags.settings()["parallelism"] == 2
    assert flags.duration.ms == 5
    assert flags.output == "kafka"
    assert flags.where("parallelism") == "argument"
    with pytest.raises(UsageError, match='parallelism=: "0"'):
        DemoFlags(parallelism=0)
    with pytest.raises(UsageError, match='window=: "0s"'):
        DemoFlags(window=Duration(0))


def test_a_flag_stands_where_people_look_for_it():
    class Base(FlagSet):
        block = "b"
        first: int = Group("x").integer(1, "")
        last: int = Group("x").integer(1, "")

    class Block(Base):
        second: int = Group("x").integer(1, "", after="first")
        third: int = Group("x").integer(1, "")
        end: int = Group("x").integer(1, "", after="last")
        first: int = Group("x").integer(2, "")

    class Other(Block):
        own: int = Group("x").integer(1, "")

    order = ["first", "second", "third", "last", "end", "own"]
    assert [name for name in Other.specs() if name not in FlagSet.specs()] == order
    assert Other().first == 2
    # Of two mistakes the one of the flag that stands first is reported, as in Java.
    with pytest.raises(UsageError, match="--second"):
        resolve(Other, ["--last", "x", "--second", "y"], HOME)


def test_a_switch_can_be_needed():
    class Block(FlagSet):
        block = "b"
        rules = (Rule("limit", "needs", "check", among=("true",)),)
        check: bool = Group("x").switch("")
        limit: int = Group("x").integer(1, "")

    assert resolve(Block, ["--limit", "5", "--check"], HOME).limit == 5
    assert resolve(Block, ["--limit", "1"], HOME).limit == 1
    with pytest.raises(UsageError, match='--limit "5" needs true in --check "false"'):
        resolve(Block, ["--limit", "5"], HOME)


def test_flags_do_not_change():
    with pytest.raises(ValueError, match="frozen"):
        CommonFlags().rate = 5


def test_only_the_first_mistake_is_reported_in_one_line(capsys):
    with pytest.raises(SystemExit):
        parse(DemoFlags, ["--rate", "x", "--parallelism", "y\nz"], HOME)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert '--parallelism: "y\\nz"' in err


@pytest.mark.parametrize("argv", [["--help"], ["-h"], ["--nonsense", "--help"]])
def test_help(argv, capsys):
    with pytest.raises(SystemExit) as stop:
        parse(DemoFlags, argv, HOME)
    out = capsys.readouterr().out
    assert stop.value.code == 0
    assert max(map(len, out.splitlines())) <= 100
    flat = " ".join(out.split())
    for spec in DemoFlags.specs().values():
        assert spec.env in flat
        assert spec.kind == "secret" or f" --{spec.name} " in flat
        assert spec.help.split(";")[0] in flat
    assert "--idle-timeout DURATION" in out
    assert "1ms or more; a bare number counts seconds; default 30s; env FLINKBLOCKS_IDLE_TIMEOUT" in flat
    assert "a bare number counts minutes; default 10min" in flat
    assert "--records 5 --window 3" in out


def test_help_groups_each_flag_once():
    from flinkblocks.flags.help_text import help_text

    for spec in DemoFlags.specs().values():
        name = spec.env if spec.kind == "secret" else f"--{spec.name}"
        assert [line.split()[0] for line in help_text(DemoFlags).splitlines() if line.strip()].count(name) == 1


PLANTED = "planted-9f3b"


@pytest.mark.parametrize("argv", [[], ["--show-config"], ["--help"], ["--rate", "x"], ["--postgres-password", PLANTED]])
@pytest.mark.parametrize("by", ["environment", "file", "url"])
def test_a_secret_is_shown_nowhere(argv, by, tmp_path, capsys):
    (tmp_path / "p").write_text(PLANTED)
    env = {
        "environment": {"POSTGRES_PASSWORD": PLANTED, "SOURCE_PW": PLANTED},
        "file": {"FLINKBLOCKS_POSTGRES_PASSWORD_FILE": str(tmp_path / "p")},
        "url": {"POSTGRES_URL": f"postgresql://me:{PLANTED}@db/shop"},
    }[by]
    shown = ""
    try:
        flags = parse(DemoFlags, argv, {**HOME, **env})
        assert flags.postgres_password.get_secret_value() == PLANTED
        shown = (
            f"{flags} {flags!r} {flags.settings()} {flags.model_dump()} {flags.model_dump_json()} {show_config(flags)}"
        )
    except SystemExit as stop:
        shown = repr(stop)
    assert PLANTED not in shown + "".join(capsys.readouterr())


def test_the_light_path_stays_light():
    code = (
        "import sys; from flink_common import CommonFlags; from flinkblocks.flags import parse; parse(CommonFlags, [])"
    )
    code += "; print([m for m in ('pyflink', 'yaml', 'rich', 'numpy') if m in sys.modules])"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], env=env, check=True, stdout=-1).stdout.strip() == b"[]"


# Sources that may hold a value for --rate, the one that counts most first.
SOURCES = ("flag", "environment", "config")


@given(
    st.dictionaries(st.sampled_from(SOURCES), st.integers(0, 10**9)),
    st.dictionaries(st.sampled_from(SOURCES), st.booleans()),
)
def test_precedence(tmp_path_factory, rates, verbose):
    file = tmp_path_factory.getbasetemp() / "precedence.yaml"
    values = {"rate": rates, "verbose": verbose}
    file.write_text("".join(f"{name}: {by['config']}\n" for name, by in values.items() if "config" in by))
    env = {f"FLINKBLOCKS_{name.upper()}": str(by["environment"]) for name, by in values.items() if "environment" in by}
    argv = [f"--{name}={by['flag']}" for name, by in values.items() if "flag" in by]
    flags = parse(DemoFlags, [*argv, "--config", str(file)], {**HOME, **env})
    for name, by in values.items():
        winner = next((source for source in SOURCES if source in by), "default")
        assert flags.where(name).split()[0] == winner
        assert getattr(flags, name) == by.get(winner, 0)


@given(st.integers(0, LONGEST_MS))
def test_durations_read_back(ms):
    assert Duration.parse(str(Duration(ms)), "d") == Duration(ms)


@given(st.integers(0, 10**6), st.sampled_from(sorted(UNITS)), st.sampled_from(["", " "]))
def test_durations_in_each_unit(count, unit, space):
    duration = Duration(min(count * UNITS[unit], LONGEST_MS))
    count = duration.ms // UNITS[unit]
    assert Duration.parse(f"{count}{space}{unit}", "s").ms == count * UNITS[unit]
    assert Duration.parse(str(count), unit).ms == count * UNITS[unit]


@given(st.decimals(0, 1000, places=6), st.sampled_from(sorted(UNITS)))
def test_fractions_of_a_unit_are_exact(count, unit):
    ms = count * UNITS[unit]
    if ms == int(ms):
        assert Duration.parse(f"{count:f}{unit}", "s").ms == int(ms)
    else:
        with pytest.raises(ValueError, match="fraction of a millisecond"):
            Duration.parse(f"{count:f}{unit}", "s")


@given(st.text("0159.smhind e-\u0663\n", max_size=12))
def test_a_text_is_a_duration_or_refused(text):
    with contextlib.suppress(ValueError):
        assert 0 <= Duration.parse(text, "s").ms <= LONGEST_MS


def arguments():
    """Command lines that are accepted."""
    one = st.one_of(
        st.builds("--rate={}".format, st.integers(0, 10**9)),
        st.builds("--offset={}".format, st.integers(-(2**63), 2**63 - 1)),
        st.builds("--label={}".format, st.text("ab \t#:'\"\\é€𝄞\u0085\u2028{}[]~!")),
        st.builds("--idle-timeout={}ms".format, st.integers(1, LONGEST_MS)),
        st.builds("--late-events={:f}".format, st.decimals(0, 1, places=6)),
        st.builds("--input-path={}".format, st.text("ab/.~ #:'\"\\é", min_size=1)),
        st.sampled_from(["--verbose", "--tables=users", "--tables=none", "--kafka-servers=a:1", "--duration=0"]),
    )
    return st.lists(one, max_size=6)


@given(arguments())
def test_the_outcome_saved_is_the_same_run(tmp_path_factory, argv):
    flags = resolve(DemoFlags, argv, HOME)
    saved = tmp_path_factory.getbasetemp() / "outcome.yaml"
    saved.write_text(show_config(flags), encoding="utf-8")
    again = resolve(DemoFlags, ["--config", str(saved)], HOME)
    assert again.settings() == flags.settings()


@given(st.text("abc-", max_size=8), st.text("abc-", max_size=8))
def test_distance_is_a_distance(a, b):
    assert distance(a, b) == distance(b, a) <= max(len(a), len(b))
    assert (distance(a, b) == 0) == (a == b)
    assert distance(a, b) >= abs(len(a) - len(b))


@given(st.sampled_from([spec.name for spec in DemoFlags.specs().values()]), st.data())
def test_one_wrong_letter_is_forgiven(name, data):
    at = data.draw(st.integers(0, len(name) - 1))
    typed = name[:at] + data.draw(st.sampled_from(["", "x", name[at] * 2])) + name[at + 1 :]
    assert distance(name, nearest(typed, [spec.name for spec in DemoFlags.specs().values()]) or "") <= 2
