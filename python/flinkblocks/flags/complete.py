"""The values that depend on others: conditional defaults, paths, secrets from files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from flinkblocks.errors import UsageError
from flinkblocks.flags.given import Given, check_readable, read_text
from flinkblocks.flags.place import Place
from flinkblocks.flags.spec import Spec, quoted

if TYPE_CHECKING:
    from flinkblocks.flags.flagset import FlagSet


def complete(
    flags: FlagSet, place: Place, given: Sequence[Mapping[str, Given]]
) -> tuple[dict[str, Any], dict[str, str]]:
    """All values of a set of flags, from those that were given.

    Args:
        flags: with what was given and the plain defaults.
        place: what relative paths and templates start from.
        given: the sources, from the one that counts most.

    Returns:
        The values, and where the secrets among them are from that a file held.

    Raises:
        UsageError: a file that must be read cannot be.
    """
    specs = flags.specs()
    values = {field: getattr(flags, field) for field in specs}
    missing = [field for field in specs if field not in flags.model_fields_set]
    asked = {specs[field].name for field in flags.model_fields_set if values[field] is not None}
    for field in missing:
        values[field] = _default(specs[field], asked)
    known = {"block": flags.block, "state-home": place.state_home}
    known.update({spec.name: values[field] for field, spec in specs.items()})
    for field in missing:
        if isinstance(values[field], str):
            values[field] = _filled(values[field], known)
    for field, spec in specs.items():
        if spec.is_path(values[field]):
            values[field] = place.absolute(values[field])
            if spec.readable:
                check_readable(values[field], _subject(spec, given))
    return values, _fetch(specs, values, given)


def _fetch(specs: Mapping[str, Spec], values: dict[str, Any], given: Sequence[Mapping[str, Given]]) -> dict[str, str]:
    """Puts secrets from files into the values; the environment counts unless a file's source counts more."""
    where = {}
    for field, spec in specs.items():
        if spec.kind == "secret":
            file = specs[spec.secret_file.replace("-", "_")]
            if values[file.field] and _rank(file, given) <= _rank(spec, given):
                values[field] = _secret(values[file.field], _subject(file, given))
                where[field] = next((s[file.field].where for s in given if file.field in s), "argument")
    return where


def _default(spec: Spec, asked: set[str]) -> Any:
    for when in spec.when:
        if asked.issuperset(when.given) and asked.isdisjoint(when.absent):
            return None if when.value is None else spec.read(when.value)
    return spec.default_value


def _filled(template: str, known: Mapping[str, Any]) -> str:
    for name, value in known.items():
        template = template.replace("{" + name + "}", str(value))
    return template


def _secret(path: str, subject: str) -> SecretStr:
    text = read_text(path, subject).rstrip("\r\n")
    if not text:
        problem = f"{subject}: {quoted(path, len(path))} is empty"
        raise UsageError(problem, "accepted: a file with the secret in its first line")
    return SecretStr(text)


def _rank(spec: Spec, given: Sequence[Mapping[str, Given]]) -> int:
    """The source that a value is from, 0 counts most."""
    return next((rank for rank, source in enumerate(given) if spec.field in source), len(given))


def _subject(spec: Spec, given: Sequence[Mapping[str, Given]]) -> str:
    return next((source[spec.field].subject for source in given if spec.field in source), f"--{spec.name}")
