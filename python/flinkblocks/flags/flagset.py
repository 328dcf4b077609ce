"""A set of flags as one typed object."""

from __future__ import annotations

import os
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, ClassVar, Optional

from pydantic import PrivateAttr, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from flinkblocks.flags.complete import complete
from flinkblocks.flags.declare import Group
from flinkblocks.flags.given import Given
from flinkblocks.flags.place import Place
from flinkblocks.flags.rules import Rule
from flinkblocks.flags.spec import Spec

HELP = Group("Help and configuration")
DEFAULT = "default"


class FlagSet(BaseSettings):
    """The flags of a program: a subclass declares them, `parse` fills them in.

    A subclass declares one field for each flag with the calls of `declare`; its docstring's first line heads
    --help. Values can be given to the constructor by name too, for tests and notebooks; they are checked alike.

    Attributes:
        block: the program's name.
        examples: command lines for --help, each with what it does.
        rules: what must hold between flags; those of the base classes hold too.
    """

    # Defaults are read when they are declared.
    model_config = SettingsConfigDict(frozen=True, extra="forbid", validate_default=False)
    block: ClassVar[str] = ""
    examples: ClassVar[Sequence[tuple[str, str]]] = ()
    rules: ClassVar[Sequence[Rule]] = ()
    _where: dict[str, str] = PrivateAttr(default_factory=dict)

    config: Optional[str] = HELP.path(
        None, "YAML file of `flag: value` lines", readable=True, action=True, env="FLINKBLOCKS_CONFIG"
    )
    show_config: bool = HELP.switch("show every value and where it is from, and stop", action=True)

    def __init__(
        self, given: Sequence[Mapping[str, Given]] = (), env: Mapping[str, str] | None = None, **values: Any
    ) -> None:
        """Reads, checks and completes the values.

        Args:
            given: by Python name, from the source that counts most to the one that counts least.
            env: the environment, for paths; this process's unless given.
            **values: of flags, before all others.

        Raises:
            UsageError: a value is not accepted.
        """
        super().__init__(given=given, **values)
        found = dict(ChainMap(*map(dict, given)))
        self._where.update({field: value.where for field, value in found.items()})
        self._where.update(dict.fromkeys(values, "argument"))
        completed, fetched = complete(self, Place.of(os.environ if env is None else env), given)
        # Frozen for everyone else: the rest is filled in past pydantic's guard.
        self.__dict__.update(completed)
        self._where.update(fetched)
        for rule in self.all_rules():
            rule.check(self._flag)

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: Any, **_: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The order of precedence; pydantic-settings merges."""
        given = init_settings.init_kwargs.pop("given")
        return (init_settings, *(_Source(settings_cls, values) for values in given))

    @model_validator(mode="before")
    @classmethod
    def _read(cls, values: dict[str, Any]) -> dict[str, Any]:
        # In the order of the specs, in which the Java programs read too: of two mistakes both report the same one.
        return {
            **values,
            **{field: _value(spec, values[field]) for field, spec in cls.specs().items() if field in values},
        }

    @classmethod
    def specs(cls) -> Mapping[str, Spec]:
        """The flags by Python name: those of base classes first, each class's in the order of their declaration."""
        return _specs(cls)

    @classmethod
    def shown_specs(cls) -> list[Spec]:
        """The flags in the order for people: what every program has comes last."""
        return sorted(cls.specs().values(), key=lambda spec: spec.group == HELP.heading)

    def _flag(self, name: str) -> tuple[Spec, Any]:
        spec = self.specs()[name.replace("-", "_")]
        return spec, getattr(self, spec.field)

    @classmethod
    def all_rules(cls) -> list[Rule]:
        """The rules of this class and its bases."""
        return [rule for base in reversed(cls.__mro__) for rule in vars(base).get("rules", ())]

    def where(self, field: str) -> str:
        """Where a value is from: `flag --rate`, `environment KAFKA_SERVERS`, `config my.yaml`, `default`.

        Args:
            field: the flag's Python name.
        """
        return self._where.get(field, DEFAULT)

    def settings(self) -> dict[str, str | int | bool]:
        """The values for the Java core, by flag name: durations in ms, without secrets and what is not set."""
        values = {"block": self.block} if self.block else {}
        for field, spec in self.specs().items():
            value = getattr(self, field)
            if value is not None and spec.kind != "secret" and not spec.action:
                values[spec.name] = spec.normal(value)
        return values


class _Source(PydanticBaseSettingsSource):
    """Values that were found already, as pydantic-settings takes them."""

    def __init__(self, settings_cls: type[BaseSettings], values: Mapping[str, Given]):
        super().__init__(settings_cls)
        self._values = values

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return self._values.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        return dict(self._values)


def _value(spec: Spec, value: Any) -> Any:
    if isinstance(value, Given):
        return value.read(spec)
    if value is None or spec.kind == "secret":
        return value
    return Given(value if isinstance(value, str) else spec.show(value), "argument", f"{spec.field}=").read(spec)


@cache
def _specs(flag_class: type[FlagSet]) -> Mapping[str, Spec]:
    specs: dict[str, Spec] = {}
    for field, info in flag_class.model_fields.items():
        spec: Spec = info.json_schema_extra["flag"]
        env = spec.env or ("" if spec.action else f"FLINKBLOCKS_{field.upper()}")
        specs[field] = replace(spec, name=field.replace("_", "-"), env=env)
    return {field: specs[field] for field in _order(flag_class, specs)}


def _order(flag_class: type[FlagSet], specs: Mapping[str, Spec]) -> list[str]:
    order: list[str] = []
    for declaring in reversed(flag_class.__mro__):
        place = len(order)
        for field in vars(declaring).get("__annotations__", {}):
            # One that is declared once more keeps its place.
            if field in specs and field not in order:
                behind = specs[field].after.replace("-", "_")
                place = order.index(behind) + 1 if behind else place
                order.insert(place, field)
                place += 1
    return order
