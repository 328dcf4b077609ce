"""Where values come from: the command line, the environment, a YAML file. Each gives texts, by flag."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flinkblocks.errors import UsageError
from flinkblocks.flags.nearest import nearest
from flinkblocks.flags.spec import Spec, quoted

if TYPE_CHECKING:
    import yaml

_READABLE = "accepted: a file that can be read"


@dataclass(frozen=True)
class Given:
    """A value as the user gave it, not yet read.

    Attributes:
        text: the value.
        where: in --show-config: `flag --rate`, `environment KAFKA_SERVERS`, `config my.yaml`.
        subject: in a message: what to look at, down to the line.
    """

    text: str
    where: str
    subject: str

    def read(self, spec: Spec) -> Any:
        """The value.

        Raises:
            UsageError: it is not accepted.
        """
        try:
            return spec.read(self.text)
        except ValueError:
            raise refused(self.subject, spec, self.text) from None


def refused(subject: str, spec: Spec, text: str) -> UsageError:
    """The error that names a flag, its value and what is accepted."""
    value = "its value (not shown: it may hold a secret)" if spec.private else quoted(text)
    return UsageError(f"{subject}: {value} is not accepted", f"accepted: {spec.accepts}")


def from_argv(argv: Sequence[str], specs: Iterable[Spec]) -> dict[str, Given]:
    """Reads `--flag value` and `--flag=value`; the last of several counts.

    This is written out, in Java too, because no two libraries agree on the cases at the edge: values
    that start with a dash, abbreviations, a switch before a word.

    Args:
        argv: without the program's name.
        specs: the flags.

    Returns:
        The values by Python name.

    Raises:
        UsageError: an unknown flag, one without its value, or a word that belongs to none.
    """
    known = {spec.name: spec for spec in specs}
    given = {}
    words = iter(argv)
    for word in words:
        name, equals, text = word[2:].partition("=")
        if not word.startswith("-") or word == "-":
            raise UsageError(f"{quoted(word)} is no flag and no flag's value", "see --help")
        spec = known.get(name) if word.startswith("--") else None
        if spec is None:
            raise _unknown(word.partition("=")[0], "flag", known, "--")
        if spec.kind == "secret":
            raise UsageError(f"--{name}: a secret does not belong on a command line", f"accepted: {spec.accepts}")
        if not equals:
            text = "true" if spec.kind == "switch" else next(words, None)
            if text is None or text.startswith("--"):
                raise UsageError(f"--{name}: its value is missing", f"accepted: {spec.accepts}")
        given[spec.field] = Given(text, f"flag --{name}", f"--{name}")
    return given


def from_environment(env: Mapping[str, str], specs: Iterable[Spec]) -> dict[str, Given]:
    """Reads the environment; an empty variable counts as none.

    Returns:
        The values by Python name.
    """
    return {
        spec.field: Given(env[spec.env], f"environment {spec.env}", f"environment variable {spec.env}")
        for spec in specs
        if spec.env and env.get(spec.env)
    }


def from_file(source: Given, path: str, specs: Iterable[Spec]) -> dict[str, Given]:
    """Reads a YAML file of `flag: value` lines.

    Every value is taken as the text that stands there, so that `010` or `1_0` mean what they mean on the
    command line; only an empty value and a plain `null` mean that the key is not there.

    Args:
        source: the file as the user named it.
        path: the same, to open.
        specs: the flags.

    Returns:
        The values by Python name.

    Raises:
        UsageError: the file cannot be read, is no YAML mapping, or a key is unknown or there twice.
    """
    known = {spec.name: spec for spec in specs if not spec.action}
    shown = quoted(source.text, len(source.text))[1:-1]
    given: dict[str, Given] = {}
    for key, value in _pairs(read_text(path, source.subject), shown):
        name = key.value if isinstance(key.value, str) else "?"
        subject = f"{shown} line {key.start_mark.line + 1}: {name}"
        spec = known.get(name)
        if spec is None:
            raise _unknown(name, "key", known, "", f"{shown} line {key.start_mark.line + 1}: ")
        if spec.kind == "secret":
            raise UsageError(f"{subject}: a secret does not belong in this file", f"accepted: {spec.accepts}")
        if spec.field in given:
            raise UsageError(f"{subject} is there twice", "leave one of them out")
        text = _text(value, spec, subject)
        if text is not None:
            given[spec.field] = Given(text, f"config {shown}", subject)
    return given


def _pairs(text: str, shown: str) -> list[tuple[yaml.Node, yaml.Node]]:
    # Most runs have no file: they need not wait for the import.
    import yaml

    cure = "accepted: lines such as `parallelism: 8`"
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise UsageError(f"{shown} line {mark.line + 1}: not valid YAML", cure) from None
    except (yaml.YAMLError, RecursionError):
        raise UsageError(f"{shown}: not valid YAML", cure) from None
    if root is None:
        return []
    if root.id != "mapping":
        raise UsageError(f"{shown} line {root.start_mark.line + 1}: no flag and value", cure)
    return root.value


def _text(node: yaml.Node, spec: Spec, subject: str) -> str | None:
    if node.id == "scalar":
        return None if node.tag == "tag:yaml.org,2002:null" else node.value
    if node.id == "sequence" and spec.kind == "choices" and all(item.id == "scalar" for item in node.value):
        return ",".join(item.value for item in node.value)
    raise UsageError(f"{subject}: a {node.id} is not accepted", f"accepted: {spec.accepts}")


def read_text(path: str, subject: str) -> str:
    """The text of a file that a flag names.

    Raises:
        UsageError: there is no such file, it cannot be read, or is not UTF-8.
    """
    check_readable(path, subject)
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{subject}: {quoted(path, len(path))} is not text in UTF-8", _READABLE) from None


def check_readable(path: str, subject: str) -> None:
    """Passes when a file can be read.

    Raises:
        UsageError: it is not there, is a folder, or may not be read.
    """
    if not os.path.exists(path):
        problem = "does not exist"
    elif os.path.isdir(path):
        problem = "is a folder"
    elif not os.access(path, os.R_OK):
        problem = "cannot be read"
    else:
        return
    raise UsageError(f"{subject}: {quoted(path, len(path))} {problem}", _READABLE)


def _unknown(name: str, what: str, known: Mapping[str, Spec], dashes: str, where: str = "") -> UsageError:
    visible = [other for other, spec in known.items() if spec.kind != "secret"]
    near = nearest(name.lstrip("-"), visible)
    return UsageError(
        f"{where}{quoted(name)} is an unknown {what}", f"did you mean {dashes}{near}?" if near else "see --help"
    )
