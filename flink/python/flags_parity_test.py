"""The flags of the Java programs against those of the Python programs, on generated command lines."""

import json
import random
import subprocess

import pytest

from flinkblocks.errors import UsageError
from flinkblocks.flags import resolve, show_config
from flinkblocks.flags.help_text import help_text
from flinkblocks.runtime import java_program_environment, runfile
from testing_flags import DemoFlags

SPECS = list(DemoFlags.specs().values())
TYPED = [spec for spec in SPECS if spec.kind != "secret" and spec.name != "show-config"]
# What a value is made from, whatever the flag.
WORDS = """
0 1 -1 7 007 128 129 65535 1000000000 1000000001 9223372036854775807 9223372036854775808 -9223372036854775808 1_0 1e3 +1
0.5 .5 5. 1.000000 0.0000001 1.5 -0 -0.0 100.10 NaN \u0663 5s 1.5min 500ms 2h 1d 36500d 36501d 0.5ms 1.0005s 3m 5S
none off embedded all latest true FALSE yes oN 2 java python Java rocksdb hashmap plain json tumbling session,sliding
users,orders users,,orders tumbling, a.b_c-D .. . a/b \u00fc \U0001d11e \u00a0 a:1 a:1,b:2 a:0 a:65536 [::1]:9092 a:1,
localhost postgresql://h:1/d postgres://u:p@h/d jdbc:postgresql://h/d?a=b&password=x /a ./a ~ ~/x /tmp/flink-output
s3://b/../c a/../../.. //a {block} {dir} null ~ 'x' "x" # [1] {a:b} - -- --rate --rate=5 =
"""
VALUES = WORDS.split()
# Lines of a YAML file, right and wrong. (Directives, %YAML 1.1, are left out: there the two YAML libraries differ.)
# fmt: off
LINES = [
    "", "# x", "---", "...", "- a", "rate", "rate:", "rate: |", "  5", "\trate: 1", "? x", ": y", "a: &x 1", "rate: *x",
    "rate: 5", "seed: '5'", 'seed: "5\\n"', "label: ü # y", "label: [a, b]", "window-types: [session]", "verbose: on",
    "label: a: b", "<<: {rate: 1}", "label: >-", "rate: !!str 5", "label: !x y", "label: @a", "label: `a", "seed: 0x1F",
]
# fmt: on
# Values that flags of a kind mostly accept.
GOOD = {
    "integer": ["1", "12", "100"],
    "decimal": ["0", "0.25", "1.0", ".5"],
    "duration": ["0.5h", "90s", "2 min", "30", "500ms"],
    "switch": ["true", "no", "1"],
    "text": ["a:1", "a", "embedded", "postgresql://h:1/d"],
    "path": ["/a", "b/../c", "~/x", "latest", "none"],
}


def text(random_, spec=None):
    if spec is not None and random_.random() < 0.7:
        return random_.choice(GOOD.get(spec.kind, spec.options or ["all"]))
    value = random_.choice(VALUES)
    if random_.random() < 0.1:
        at = random_.randrange(len(value) + 1)
        value = value[:at] + random_.choice(["", " ", "\n", "9", "-", "é", "\u2028", "\x07"]) + value[at + 1 :]
    return value


def word(random_):
    spec = random_.choice(TYPED)
    name = spec.name
    if random_.random() < 0.08:
        at = random_.randrange(len(name))
        name = name[:at] + random_.choice(["", "x", "_", name[at].upper(), name[at:]]) + name[at + 1 :]
    value = text(random_, spec)
    roll = random_.random()
    if spec.kind == "switch" and roll < 0.6:
        return [f"--{name}"]
    return [f"--{name}", value] if roll < 0.5 else [f"--{name}={value}"] if roll < 0.97 else [value]


def line(random_, folder, number):
    argv = [part for _ in range(random_.choice([1, 1, 1, 2, 3, 6])) for part in word(random_)]
    env = {"HOME": "/home/me", "BUILD_WORKING_DIRECTORY": str(folder)}
    for spec in random_.sample(SPECS, random_.choice([0, 0, 1, 2])):
        if spec.env:
            env[spec.env] = text(random_, spec)
    if random_.random() < 0.3:
        entries = [f"{spec.name}: {text(random_, spec)}" for spec in random_.sample(SPECS, 2)]
        chosen = random_.sample(entries + random_.sample(LINES, 3), random_.randint(1, 3))
        (folder / f"{number}.yaml").write_bytes("\n".join(chosen).encode("utf-8", "replace"))
        argv += [f"--config={number}.yaml"]
    # What a process cannot be given is no case.
    clean = [part.encode("utf-8", "replace").decode() for part in argv]
    return {"argv": clean, "env": {name: value.encode("utf-8", "replace").decode() for name, value in env.items()}}


def python(argv, env):
    try:
        flags = resolve(DemoFlags, argv, env)
    except UsageError as error:
        return {"text": f"error: {error}; {error.cure}", "exitCode": 2}
    if flags.show_config:
        return {"text": show_config(flags), "exitCode": 0}
    shown = {n: str(v).lower() if isinstance(v, bool) else str(v) for n, v in flags.settings().items()}
    return {"settings": shown}


def java(lines):
    done = subprocess.run(
        [runfile("flink/java/testing_command_lines"), "demo"],
        input=json.dumps(lines).encode(),
        stdout=subprocess.PIPE,
        env={**java_program_environment(), "LC_ALL": "C.UTF-8"},
        check=True,
    )
    return json.loads(done.stdout)


def test_help_is_the_same():
    assert java([{"argv": ["--help"], "env": {}}]) == [{"text": help_text(DemoFlags), "exitCode": 0}]


@pytest.mark.parametrize("seed", [1, 2])
def test_command_lines_come_to_the_same(seed, tmp_path):
    random_ = random.Random(seed)
    lines = [line(random_, tmp_path, number) for number in range(800)]
    lines += [{**one, "argv": ["--show-config", *one["argv"]]} for one in lines[:300]]
    accepted = 0
    for one, outcome in zip(lines, java(lines)):
        assert python(one["argv"], one["env"]) == outcome, one
        accepted += "settings" in outcome
    assert accepted > 100
