"""A wrong combination of flags is one line that says which and what to do, in Python and Java alike."""

from __future__ import annotations

import json
import subprocess

import pytest

from flinkblocks.errors import UsageError
from flinkblocks.flags import parse, resolve
from flinkblocks.flags.help_text import help_text
from flinkblocks.runtime import java_program_environment, runfile
from windowing_aggregations import BLOCK, TYPES, WindowingAggregationsFlags

HOME = {"HOME": "/home/me"}
WHOLE = "give one that goes into it a whole number of times, at most 10,000"
ACCEPTED = (
    "accepted: all, or some of tumbling, sliding, session, global, multi_level or pattern with commas between them"
)

# What is typed, and the line that it comes to.
WRONG = {
    "--slide-minutes 3": f'--slide-minutes "3min" does not divide --sliding-minutes "10min"; {WHOLE}',
    "--slide-minutes 20": f'--slide-minutes "20min" does not divide --sliding-minutes "10min"; {WHOLE}',
    "--sliding-minutes 3": f'--slide-minutes "2min" does not divide --sliding-minutes "3min"; {WHOLE}',
    "--slide-minutes 1ms": f'--slide-minutes "1ms" does not divide --sliding-minutes "10min"; {WHOLE}',
    "--slide-minutes 0": '--slide-minutes: "0" is not accepted; accepted: a duration, 1ms or more '
    "(500ms, 90s, 2min, 1h, 1d; a bare number counts minutes)",
    "--custom-trigger-count 0": '--custom-trigger-count: "0" is not accepted; '
    "accepted: a whole number from 1 to 1000000000",
    "--early-firing 120": '--early-firing "2min" is not less than --tumbling-minutes "2min"; give less',
    "--early-firing 10min --window-types sliding,session": '--early-firing "10min" is not less than '
    '--sliding-minutes "10min"; give less',
    "--early-firing 1ms --window-types session": '--early-firing "1ms" goes too often into --session-timeout "30min"; '
    "give at least a 10,000th of it",
    "--early-firing 11ms --window-types tumbling": '--early-firing "11ms" goes too often into '
    '--tumbling-minutes "2min"; give at least a 10,000th of it',
    "--early-firing 59ms --window-types sliding": '--early-firing "59ms" goes too often into '
    '--sliding-minutes "10min"; give at least a 10,000th of it',
    "--early-firing 1 --window-types global,pattern": '--early-firing "1s" needs tumbling, sliding or session in '
    '--window-types "global,pattern"; give --window-types with tumbling, sliding or session, '
    "or leave out --early-firing",
    "--engine python": '--engine "python" takes only tumbling, sliding or session of '
    '--window-types "tumbling,sliding,session,global,multi_level,pattern"; '
    "give --window-types tumbling,sliding,session, or leave out --engine",
    "--engine python --window-types session,pattern": '--engine "python" takes only tumbling, sliding or session of '
    '--window-types "session,pattern"; give --window-types tumbling,sliding,session, or leave out --engine',
    "--custom-trigger-count 7 --window-types tumbling,pattern": '--custom-trigger-count "7" needs global in '
    '--window-types "tumbling,pattern"; give --window-types with global, or leave out --custom-trigger-count',
    "--tumbling-minutes 5 --window-types session": '--tumbling-minutes "5min" needs tumbling in '
    '--window-types "session"; give --window-types with tumbling, or leave out --tumbling-minutes',
    "--sliding-minutes 5 --window-types session": '--sliding-minutes "5min" needs sliding in '
    '--window-types "session"; give --window-types with sliding, or leave out --sliding-minutes',
    "--slide-minutes 3 --window-types session": '--slide-minutes "3min" needs sliding in '
    '--window-types "session"; give --window-types with sliding, or leave out --slide-minutes',
    "--session-timeout 90s --window-types sliding": '--session-timeout "90s" needs session in '
    '--window-types "sliding"; give --window-types with session, or leave out --session-timeout',
    "--allowed-lateness 5 --window-types global,pattern": '--allowed-lateness "5s" needs tumbling, sliding, session '
    'or multi_level in --window-types "global,pattern"; give --window-types with tumbling, sliding, session '
    "or multi_level, or leave out --allowed-lateness",
    "--window-types hopping": f'--window-types: "hopping" is not accepted; {ACCEPTED}',
    "--window-types tumbling,": f'--window-types: "tumbling," is not accepted; {ACCEPTED}',
    "--window-types=": f'--window-types: "" is not accepted; {ACCEPTED}',
    "--late-policy keep": '--late-policy: "keep" is not accepted; accepted: side-output or drop',
}

# What is typed, and some of what it comes to.
RIGHT = {
    "": {"window-types": ",".join(TYPES), "tumbling-minutes": 120_000, "sliding-minutes": 600_000,
         "slide-minutes": 120_000, "session-timeout": 1_800_000, "custom-trigger-count": 50, "early-firing": 0,
         "allowed-lateness": 0, "late-policy": "side-output"},
    "--window-types all": {"window-types": ",".join(TYPES)},
    "--window-types pattern,global": {"window-types": "global,pattern"},
    "--slide-minutes 10s": {"slide-minutes": 10_000},
    "--slide-minutes 60ms": {"slide-minutes": 60},
    "--sliding-minutes 1h --slide-minutes 7.5": {"sliding-minutes": 3_600_000, "slide-minutes": 450_000},
    "--early-firing 119.999": {"early-firing": 119_999},
    "--early-firing 1h --window-types session,global": {"early-firing": 3_600_000},
    "--allowed-lateness 5 --window-types multi_level": {"allowed-lateness": 5_000},
    "--custom-trigger-count 50 --window-types session": {"custom-trigger-count": 50},
    "--engine python --window-types session,tumbling": {"engine": "python", "window-types": "tumbling,session"},
}  # fmt: skip


@pytest.fixture(scope="module")
def java():
    """What the Java main's command lines come to."""
    typed = (*WRONG, *RIGHT, "--help")
    lines = [{"argv": line.split(), "env": HOME} for line in typed]
    done = subprocess.run(
        [runfile("flink/java/testing_command_lines"), "windowing_aggregations"],
        input=json.dumps(lines).encode(),
        stdout=subprocess.PIPE,
        env={**java_program_environment(), "LC_ALL": "C.UTF-8"},
        check=True,
    )
    return dict(zip(typed, json.loads(done.stdout)))


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_combination_is_one_line_and_exit_code_2(line, java, capsys):
    with pytest.raises(SystemExit) as stop:
        parse(WindowingAggregationsFlags, line.split(), HOME)
    assert (stop.value.code, capsys.readouterr()) == (2, ("", f"error: {WRONG[line]}\n"))
    assert java[line] == {"text": f"error: {WRONG[line]}", "exitCode": 2}


@pytest.mark.parametrize("line", RIGHT)
def test_a_right_one_is_accepted(line, java):
    settings = resolve(WindowingAggregationsFlags, line.split(), HOME).settings()
    assert {name: settings[name] for name in RIGHT[line]} == RIGHT[line]
    assert java[line] == {"settings": {name: str(value).replace("False", "false") for name, value in settings.items()}}


def test_the_help_is_the_same_with_units_and_defaults(java):
    text = help_text(WindowingAggregationsFlags)
    assert java["--help"] == {"text": text, "exitCode": 0}
    for unit, default, name in [
        ("minutes", "2min", "tumbling"), ("minutes", "10min", "sliding"), ("minutes", "2min", "slide"),
        ("minutes", "30min", "session"), ("seconds", "0s", "early"),
    ]:  # fmt: skip
        said = f"a bare number counts {unit}; default {default}; env FLINKBLOCKS_{name.upper()}_"
        assert said in " ".join(text.split())


def test_a_flag_of_the_environment_is_not_let_pass():
    with pytest.raises(UsageError, match="--custom-trigger-count"):
        resolve(
            WindowingAggregationsFlags, ["--window-types", "session"], {**HOME, "FLINKBLOCKS_CUSTOM_TRIGGER_COUNT": "7"}
        )


@pytest.mark.parametrize(
    ("types", "outputs", "accounts"),
    [
        ("tumbling", ["windowing-tumbling"], ["windowing-tumbling"]),
        (
            "pattern,session",
            ["windowing-session", "windowing-pattern"],
            ["windowing-session", "windowing-pattern", "windowing-pattern-spike"],
        ),
    ],
)
def test_outputs_and_accounts_are_those_of_the_types(types, outputs, accounts):
    options = BLOCK._options(resolve(WindowingAggregationsFlags, ["--window-types", types], HOME), [])
    assert [output.name for output in options.outputs] == [*outputs, "late-events", "dead-letter"]
    assert list(options.analyses) == accounts
