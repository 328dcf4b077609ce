"""From a command line to a set of flags."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn, TextIO, TypeVar

from flinkblocks.errors import UsageError
from flinkblocks.flags.flagset import DEFAULT, FlagSet
from flinkblocks.flags.given import from_argv, from_environment, from_file
from flinkblocks.flags.help_text import help_text
from flinkblocks.flags.place import Place
from flinkblocks.flags.spec import quoted

Flags = TypeVar("Flags", bound=FlagSet)

# What YAML reads as this very text, without quotes.
_PLAIN = re.compile("[A-Za-z0-9/._][A-Za-z0-9/._:,+@%=-]*(?<!:)")
_NULL = ("null", "Null", "NULL")
_MASK = "********"


def parse(flag_class: type[Flags], argv: Sequence[str], env: Mapping[str, str] | None = None) -> Flags:
    """The flags of a run. `--help` and `--show-config` print and exit with 0; a mistake is one line and exit code 2.

    Args:
        flag_class: what the program takes.
        argv: without the program's name.
        env: the environment; this process's unless given.

    Raises:
        SystemExit: there is nothing to run.
    """
    if "--help" in argv or "-h" in argv:
        _stop(sys.stdout, help_text(flag_class), 0)
    try:
        flags = resolve(flag_class, argv, env)
    except UsageError as error:
        _stop(sys.stderr, f"error: {error}; {error.cure}", error.exit_code)
    if flags.show_config:
        _stop(sys.stdout, show_config(flags), 0)
    return flags


def resolve(flag_class: type[Flags], argv: Sequence[str], env: Mapping[str, str] | None = None) -> Flags:
    """The flags of a run: command line before environment before `--config` file before default.

    Args:
        flag_class: what the program takes.
        argv: without the program's name.
        env: the environment; this process's unless given.

    Raises:
        UsageError: a flag, a value or the file is not accepted.
    """
    env = os.environ if env is None else env
    specs = flag_class.specs()
    typed = from_argv(argv, specs.values())
    environment = from_environment(env, specs.values())
    source = typed.get("config") or environment.get("config")
    path = source and source.read(specs["config"])
    filed = from_file(source, Place.of(env).absolute(path), specs.values()) if path else {}
    return flag_class(given=(typed, environment, filed), env=env)


def show_config(flags: FlagSet) -> str:
    """Every value and where it is from, as a file that `--config` takes: defaults and secrets are comments."""
    lines = []
    for spec in flags.shown_specs():
        value, where = getattr(flags, spec.field), flags.where(spec.field)
        if spec.kind == "secret" and value is not None:
            text = _MASK
        else:
            text = spec.show(value)
            text = text if _PLAIN.fullmatch(text) and text not in _NULL else quoted(text, len(text))
        comment = where == DEFAULT or spec.action or spec.kind == "secret"
        lines.append((f"{'# ' if comment else ''}{spec.name}: {text}", where))
    width = min(60, max(len(line) for line, _ in lines))
    body = [f"{line.ljust(width)}  # {where}" for line, where in lines]
    return "\n".join([f"# {flags.block}: the outcome; saved to a file, it is one for --config", *body])


def _stop(stream: TextIO, text: str, code: int) -> NoReturn:
    # What the terminal's encoding lacks, or a path that is not text, is shown escaped.
    encoding = stream.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream)
    sys.exit(code)
