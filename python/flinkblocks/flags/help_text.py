"""The text of --help, which the Java programs show too."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from flinkblocks.flags.flagset import FlagSet
from flinkblocks.flags.spec import Spec

_WIDTH = 100
_COLUMN = 34


def help_text(flag_class: type[FlagSet]) -> str:
    """Usage, examples, and the flags by group with unit, range, default and environment variable."""
    about = (flag_class.__doc__ or "").strip().splitlines()[0]
    lines = [f"usage: {flag_class.block} [flags]", "", about]
    if flag_class.examples:
        lines += ["", "Examples"]
        for command, effect in flag_class.examples:
            lines += [f"  {flag_class.block} {command}".rstrip(), f"      {effect}"]
    groups: dict[str, list[Spec]] = {}
    for spec in flag_class.shown_specs():
        groups.setdefault(spec.group, []).append(spec)
    for group, specs in groups.items():
        lines += ["", group]
        for spec in specs:
            lines += _entry(_usage(spec), spec.help, "; ".join(_details(spec)))
    lines += [*_entry("-h, --help", "show this, and stop"), ""]
    lines += _wrapped(
        "A flag is written --flag VALUE or --flag=VALUE. It counts before its environment variable (env), that before "
        "the --config file, that before the default. Durations are written 500ms, 90s, 2min, 1h, 1d.",
        _WIDTH,
    )
    return "\n".join(lines)


def _usage(spec: Spec) -> str:
    if spec.kind == "secret":
        return spec.env
    return f"--{spec.name}" if spec.kind == "switch" else f"--{spec.name} {spec.metavar}"


def _details(spec: Spec) -> Iterator[str]:
    if spec.range_in_words:
        yield spec.range_in_words
    if spec.kind == "duration":
        yield f"a bare number counts {spec.unit_name}"
    if spec.kind == "choices":
        yield f"of {', '.join(spec.options)}, or all"
    if spec.kind != "switch" and spec.kind != "secret":
        yield "default " + (spec.default_help or spec.show(spec.default_value))
    if spec.env and spec.kind != "secret":
        yield "env " + spec.env


def _entry(head: str, *paragraphs: str) -> list[str]:
    body = [line for text in paragraphs for line in _wrapped(text, _WIDTH - _COLUMN)]
    # A head that is too long for its column has a line of its own.
    heads = [head, *[""] * len(body)] if len(head) > _COLUMN - 4 else [head, *[""] * (len(body) - 1)]
    bodies = ["", *body] if len(heads) > len(body) else body
    return [f"  {first.ljust(_COLUMN - 2)}{rest}".rstrip() for first, rest in zip(heads, bodies)]


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False, break_long_words=False)
