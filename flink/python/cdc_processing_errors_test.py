"""What the flags of cdc_processing ask for, and what is said when they do not go together."""

from __future__ import annotations

import json
import subprocess

import pytest
from pydantic import SecretStr

from cdc_processing import BLOCK, CdcProcessingFlags
from flinkblocks.cdc import modes
from flinkblocks.cdc.database import jdbc_url, password_place, replication, source, user_of
from flinkblocks.errors import UsageError
from flinkblocks.flags import parse, resolve, show_config
from flinkblocks.flags.help_text import help_text
from flinkblocks.runtime import java_program_environment, runfile

HOME = {"HOME": "/home/me"}
SECRET = "planted-5e3c"
KAFKA = "--kafka-servers k:1"
SOURCE = "--source-postgres-url postgresql://h:1/shop"
ANALYTICS = "--analytics-postgres-url postgresql://h:1/analytics"
CONNECT = "--connect-url http://c:1"
NAMES = "TABLE or SCHEMA.TABLE, more with commas between them"

# What is typed, and the line that it comes to: in the Java parser, too.
WRONG = {
    "--enable-validation=maybe": '--enable-validation: "maybe" is not accepted; accepted: true or false',
    "--quality-grace 5": '--quality-grace "5s" needs true in --enable-validation "false"; '
    "give --enable-validation with true, or leave out --quality-grace",
    "--quality-grace 5 --enable-validation=no": '--quality-grace "5s" needs true in --enable-validation "false"; '
    "give --enable-validation with true, or leave out --quality-grace",
    "--source-tables=": f'--source-tables: "" is not accepted; accepted: {NAMES}',
    "--source-tables users,,orders": f'--source-tables: "users,,orders" is not accepted; accepted: {NAMES}',
    "--tiers gold,": '--tiers: "gold," is not accepted; accepted: names with commas between them',
    "--write-interval 0": '--write-interval: "0" is not accepted; accepted: a duration, 1ms or more '
    "(500ms, 90s, 2min, 1h, 1d; a bare number counts seconds)",
    "--slot-warn-bytes -1": '--slot-warn-bytes: "-1" is not accepted; accepted: a whole number, 0 or more',
    "--connect-url http://me:hunter2@c": "--connect-url: its value (not shown: it may hold a secret) is not accepted; "
    "accepted: http://host:port without user and password, or none",
    "--source-postgres-url postgresql://me:hunter2@h/d": "--source-postgres-url: its value (not shown: it may hold a "
    "secret) is not accepted; accepted: postgresql://host:port/database without user and password, or none",
    "--replication-password-reference hunter2": "--replication-password-reference: its value (not shown: it may hold a "
    "secret) is not accepted; accepted: a reference to one of Connect's config providers, such as ${env:NAME} or "
    "${file:PATH:KEY}, or none",
    "--source-postgres-password hunter2": "--source-postgres-password: a secret does not belong on a command line; "
    "accepted: SOURCE_POSTGRES_PASSWORD in the environment, or --source-postgres-password-file",
    "--connector-name a/b": "--connector-name: \"a/b\" is not accepted; accepted: letters, digits, '.', '_' and '-', "
    "at most 63",
    "--input-path /i --connect-url http://c:1": '--input-path "/i" does not go with --connect-url "http://c:1"; '
    "give one of the two",
    "--lake-path /l --output-path /l": '--lake-path "/l" is the same as --output-path "/l"; give two different ones',
    "--engine python": '--engine: "python" is not accepted; accepted: java',
}

# The same in Python alone: what a run needs of the world outside.
MISSING = {
    "--verify --cleanup": "--verify does not go with --cleanup; give one of the two",
    "--verify": "--verify needs --source-postgres-url and --analytics-postgres-url; give it, or set "
    "SOURCE_POSTGRES_URL and ANALYTICS_POSTGRES_URL",
    f"--verify {SOURCE}": "--verify needs --analytics-postgres-url; give it, or set ANALYTICS_POSTGRES_URL",
    f"--cleanup {CONNECT}": "--cleanup needs --source-postgres-url; give it, or set SOURCE_POSTGRES_URL",
    SOURCE: "--source-postgres-url needs --kafka-servers; give it, or set KAFKA_SERVERS",
    ANALYTICS: "--analytics-postgres-url needs --kafka-servers; give it, or set KAFKA_SERVERS",
    CONNECT: "--connect-url needs --kafka-servers; give it, or set KAFKA_SERVERS",
    f"{KAFKA} {CONNECT}": "--connect-url needs --source-postgres-url; give it, or set SOURCE_POSTGRES_URL",
    f"{KAFKA} --seed 7": "--seed is for a run that brings its own database; leave out --seed",
    "--target f:1": "--target needs a Kafka and databases that are there after the run; give --kafka-servers, "
    "--source-postgres-url and --analytics-postgres-url",
    "--from-savepoint latest": "--from-savepoint needs a Kafka and databases that are there after the run; give "
    "--kafka-servers, --source-postgres-url and --analytics-postgres-url",
}

# What is typed, what it asks for, and some of the settings that it comes to.
RIGHT = {
    "": (modes.LOCAL, {
        "source-tables": "users,orders,products", "kafka-topic": "cdc", "tiers": "bronze,silver,gold,platinum",
        "slot-warn-bytes": 1_073_741_824, "write-interval": 200, "quality-grace": 10_000, "changes": 2000, "rate": 200,
        "connector-name": "flinkblocks-cdc", "enable-validation": False, "output-path": "/tmp/flink-output",
    }),
    "--duration 30": (modes.LOCAL, {"changes": 0, "duration": 30_000}),
    "--duration 30 --changes 5": (modes.LOCAL, {"changes": 5}),
    "--enable-validation --quality-grace 5": (modes.LOCAL, {"enable-validation": True, "quality-grace": 5000}),
    "--source-tables=x';--,shop.users": (modes.LOCAL, {"source-tables": "x';--,shop.users"}),
    "--tiers=';--,gold": (modes.LOCAL, {"tiers": "';--,gold"}),
    KAFKA: (modes.RUN, {"duration": 60_000}),
    f"{KAFKA} {SOURCE} {CONNECT} {ANALYTICS}": (modes.RUN, {"connect-url": "http://c:1"}),
    f"{KAFKA} --duration 0 --output-path /o": (modes.RUN, {"duration": 0, "output-path": "/o"}),
    "--input-path /i": (modes.RUN, {"input-path": "/i", "output-path": "/tmp/flink-output"}),
    f"--input-path /i {ANALYTICS}": (modes.RUN, {}),
    f"--verify {SOURCE} {ANALYTICS}": (modes.VERIFY, {}),
    f"--cleanup {SOURCE}": (modes.CLEANUP, {}),
    f"--cleanup {SOURCE} {CONNECT} {KAFKA}": (modes.CLEANUP, {}),
}  # fmt: skip


@pytest.fixture(scope="module")
def java():
    """What the Java parser makes of the command lines."""
    typed = (*WRONG, *RIGHT, "--help")
    lines = [{"argv": line.split(), "env": HOME} for line in typed]
    done = subprocess.run(
        [runfile("flink/java/testing_command_lines"), "cdc_processing"],
        input=json.dumps(lines).encode(),
        stdout=subprocess.PIPE,
        env={**java_program_environment(), "LC_ALL": "C.UTF-8"},
        check=True,
    )
    return dict(zip(typed, json.loads(done.stdout)))


def resolved(line, **env):
    return resolve(CdcProcessingFlags, line.split(), {**HOME, **env})


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_value_is_one_line_and_exit_code_2(line, java, capsys):
    with pytest.raises(SystemExit) as stop:
        parse(CdcProcessingFlags, line.split(), HOME)
    assert (stop.value.code, capsys.readouterr()) == (2, ("", f"error: {WRONG[line]}\n"))
    assert java[line] == {"text": f"error: {WRONG[line]}", "exitCode": 2}


@pytest.mark.parametrize("line", MISSING)
def test_what_is_missing_is_one_line_and_exit_code_2(line, capsys, monkeypatch):
    for spec in CdcProcessingFlags.specs().values():
        monkeypatch.delenv(spec.env or "NONE", raising=False)
    assert BLOCK.run(["--console", "plain", *line.split()]) == 2
    assert capsys.readouterr() == ("", f"error: {MISSING[line]}\n")


@pytest.mark.parametrize("line", RIGHT)
def test_a_right_one_is_accepted(line, java):
    flags = resolved(line)
    mode, some = RIGHT[line]
    assert modes.mode(flags) == mode
    settings = flags.settings()
    assert {name: settings[name] for name in some} == some
    assert java[line] == {
        "settings": {n: str(v).lower() if isinstance(v, bool) else str(v) for n, v in settings.items()}
    }


def test_the_help_is_the_same_and_fits(java):
    text = help_text(CdcProcessingFlags)
    assert java["--help"] == {"text": text, "exitCode": 0}
    assert max(map(len, text.splitlines())) <= 100


def test_outputs_and_accounts():
    options = BLOCK._options(resolved("--enable-validation"), None)
    assert [output.name for output in options.outputs] == [
        "audit-trail", "user-lifecycle-events", "inventory-alerts", "data-quality-alerts", "late-events",
        "dead-letter",
    ]  # fmt: skip
    assert (list(options.analyses), options.bounded, options.command) == (["audit-trail"], False, ())
    assert "data-quality-alerts" not in [output.name for output in BLOCK._options(resolved(""), []).outputs]


def test_settings_name_the_topics_and_the_analytics_database():
    flags = resolved(f"{KAFKA} {ANALYTICS} --topic-prefix x. --source-tables=users,a;b", POSTGRES_USER="me")
    assert BLOCK.around.settings(flags) == {
        "change-topics": "x.cdc.public.users,x.cdc.public.a_b",
        "analytics-jdbc-url": "jdbc:postgresql://h:1/analytics",
        "analytics-postgres-user": "me",
        "analytics-postgres-password-file": None,
        "analytics-postgres-password-env": None,
    }
    assert jdbc_url("jdbc:postgresql://h/d?sslmode=require") == "jdbc:postgresql://h/d?sslmode=require"
    assert jdbc_url("postgres://h/d") == "jdbc:postgresql://h/d"


@pytest.fixture
def files(tmp_path):
    """A file with a password for each of some names."""
    for name in ("analytics", "all", "dbz", "shop"):
        (tmp_path / name).write_text(f"{SECRET}-{name}\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("line", "env", "file", "variable"),
    [
        ("", {}, None, None),
        ("", {"ANALYTICS_POSTGRES_PASSWORD": SECRET}, None, "ANALYTICS_POSTGRES_PASSWORD"),
        ("", {"POSTGRES_PASSWORD": SECRET}, None, "POSTGRES_PASSWORD"),
        ("", {"ANALYTICS_POSTGRES_PASSWORD_FILE": "analytics"}, "analytics", None),
        # Of the same source the file counts; what is typed counts more than the environment.
        (
            "",
            {"ANALYTICS_POSTGRES_PASSWORD_FILE": "analytics", "ANALYTICS_POSTGRES_PASSWORD": SECRET},
            "analytics",
            None,
        ),
        ("--analytics-postgres-password-file analytics", {"ANALYTICS_POSTGRES_PASSWORD": SECRET}, "analytics", None),
        ("--postgres-password-file all", {"POSTGRES_PASSWORD": SECRET}, "all", None),
        ("--postgres-password-file all", {"ANALYTICS_POSTGRES_PASSWORD": SECRET}, None, "ANALYTICS_POSTGRES_PASSWORD"),
    ],
)
def test_the_job_is_told_where_the_password_is(line, env, file, variable, files):
    flags = resolved(f"{KAFKA} {ANALYTICS} {line}", BUILD_WORKING_DIRECTORY=str(files), **env)
    place = password_place(flags, "analytics")
    assert place["analytics-postgres-password-file"] == (str(files / file) if file else None)
    assert place["analytics-postgres-password-env"] == variable


def test_on_a_cluster_the_password_must_be_in_a_file(files):
    line = f"{KAFKA} {ANALYTICS} --target f:1"
    with pytest.raises(UsageError, match="the cluster at f:1 cannot see ANALYTICS_POSTGRES_PASSWORD") as error:
        modes.mode(resolved(line, ANALYTICS_POSTGRES_PASSWORD=SECRET))
    assert "--analytics-postgres-password-file" in error.value.cure
    assert modes.mode(resolved(f"{line} --analytics-postgres-password-file {files / 'analytics'}")) == modes.RUN


def test_who_logs_in(files):
    env = {"POSTGRES_USER": "me", "POSTGRES_PASSWORD": SECRET, "BUILD_WORKING_DIRECTORY": str(files)}
    mine = resolved(f"{KAFKA} {SOURCE}", **env)
    assert (user_of(mine, "source"), source(mine).password) == ("me", SecretStr(SECRET))
    assert replication(mine) == source(mine)
    other = resolved(f"{KAFKA} {SOURCE} --replication-user dbz --replication-password-file dbz", **env)
    assert (replication(other).user, replication(other).password) == ("dbz", SecretStr(f"{SECRET}-dbz"))
    assert user_of(resolved("--source-postgres-user shop", **env), "source") == "shop"


def test_secrets_are_in_no_settings_and_not_shown(files):
    names = ("SOURCE_POSTGRES", "ANALYTICS_POSTGRES", "REPLICATION_POSTGRES", "POSTGRES")
    flags = resolved(f"{KAFKA} {SOURCE} {ANALYTICS}", **{f"{name}_PASSWORD": SECRET for name in names})
    shown = show_config(flags)
    assert SECRET not in shown + json.dumps(flags.settings()) + json.dumps(dict(BLOCK.around.settings(flags)))
    assert shown.count("********") == len(names)
    assert SECRET not in repr(source(flags))
