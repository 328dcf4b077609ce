"""The declaration of a program's flags as JSON, from which the Java program of the same name takes them."""

from __future__ import annotations

import importlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flinkblocks.flags.flagset import FlagSet
from flinkblocks.flags.help_text import help_text


def table(flag_class: type[FlagSet]) -> dict[str, Any]:
    """Everything that a parser needs to know.

    Returns:
        block: the program's name; help: the whole text of --help; flags: in the order of their declaration, each
        with what `Spec` says and `accepts`; rules: with what `Rule` says.
    """
    return {
        "block": flag_class.block,
        "help": help_text(flag_class),
        "flags": [{**asdict(spec), "accepts": spec.accepts} for spec in flag_class.specs().values()],
        "rules": [asdict(rule) for rule in flag_class.all_rules()],
    }


def main(argv: Sequence[str]) -> None:
    """Writes the table of a class.

    Args:
        argv: the class as `module:Class`, and the file to write.
    """
    module, _, name = argv[0].partition(":")
    with open(argv[1], "w", encoding="utf-8") as out:
        json.dump(table(getattr(importlib.import_module(module), name)), out, indent=1)
