"""What is known of one flag: how its text is read, checked and shown."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flinkblocks.flags.durations import LONGEST_MS, Duration

# The range of a Java long.
LOWEST, HIGHEST = -(2**63), 2**63 - 1

_SWITCH = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
_UNIT_NAMES = {"ms": "milliseconds", "s": "seconds", "min": "minutes", "h": "hours", "d": "days"}

# Quotes, controls, line and paragraph separators, changes of writing direction, halves of a character.
_UNSHOWN = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]')


@dataclass(frozen=True)
class When:
    """Another default, for runs in which some flags are set and others are not.

    Attributes:
        value: the default then, in the flag's own notation; None: not set.
        given: names of flags that the user set, all of them.
        absent: names of flags that the user did not set, none of them.
    """

    value: str | None
    given: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Spec:
    """One flag.

    Attributes:
        kind: integer, decimal, duration, switch, choice, choices (several), text, path or secret.
        help: what it does, one sentence; `accepts` and the default are shown after it.
        group: the heading of --help that it stands under.
        name: as typed, without the dashes.
        default: in the flag's own notation; None: not set. `{app-name}` and the like stand for other values.
        default_help: the default in words, where its notation does not say it.
        when: other defaults; the first that applies counts.
        unit: of a duration: of a bare number; of a number: what it counts.
        env: the environment variable.
        options: what a choice is made from; of a path: words that are none.
        low, high: the range of a number, of a duration in ms.
        decimals: the most decimals a number may have.
        pattern: what a text must match, in syntax that Python and Java share.
        form: the pattern in words.
        metavar: what stands for the value in --help.
        none_word: the word that unsets it; empty: it cannot be unset.
        private: a value that is refused is not repeated, because it may hold a secret.
        action: about this one run: never in a file, and in the environment only when `env` is named.
        readable: the path must be a file that can be read.
        secret_file: of a secret: the flag that names a file with it.
        after: the flag of a base class that it stands behind, and what its class declares next behind it; empty: it
            stands where it is declared.
    """

    kind: str
    help: str
    group: str
    name: str = ""
    default: str | None = None
    default_help: str = ""
    when: tuple[When, ...] = ()
    unit: str = ""
    env: str = ""
    options: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    decimals: int = 0
    pattern: str = ""
    form: str = ""
    metavar: str = ""
    none_word: str = ""
    private: bool = False
    action: bool = False
    readable: bool = False
    secret_file: str = ""
    after: str = ""

    @property
    def field(self) -> str:
        """The attribute's name in Python."""
        return self.name.replace("-", "_")

    @property
    def default_value(self) -> Any:
        """The default, read; a template as it stands."""
        return None if self.default is None else self.default if "{" in self.default else self.read(self.default)

    def read(self, text: str) -> Any:
        """The value that a text stands for.

        Raises:
            ValueError: it is none that `accepts` names.
        """
        if self.none_word and text == self.none_word:
            return None
        value = getattr(self, "_read_" + self.kind)(text)
        number = value.ms if isinstance(value, Duration) else value
        if (self.low is not None and number < self.low) or (self.high is not None and number > self.high):
            raise ValueError("out of range")
        return value

    def _read_integer(self, text: str) -> int:
        if not re.fullmatch("-?[0-9]{1,19}", text):
            raise ValueError("not a whole number")
        return int(text)

    def _read_decimal(self, text: str) -> Decimal:
        form = re.fullmatch(r"-?(?:[0-9]{1,18}|[0-9]{0,18}\.([0-9]{1,18}))", text)
        if not form or len(form[1] or "") > self.decimals:
            raise ValueError("not a number of that precision")
        return Decimal(text)

    def _read_duration(self, text: str) -> Duration:
        return Duration.parse(text, self.unit)

    def _read_switch(self, text: str) -> bool:
        value = _SWITCH.get(text.lower())
        if value is None:
            raise ValueError("neither true nor false")
        return value

    def _read_choice(self, text: str) -> str:
        if text not in self.options:
            raise ValueError("not one of them")
        return text

    def _read_choices(self, text: str) -> tuple[str, ...]:
        chosen = set(self.options if text == "all" else text.split(","))
        if not chosen.issubset(self.options):
            raise ValueError("not all of them")
        return tuple(option for option in self.options if option in chosen)

    def _read_text(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text):
            raise ValueError("not of that form")
        return text

    def is_path(self, value: Any) -> bool:
        """Whether a value of this flag names a file or folder, not one of its words."""
        return self.kind == "path" and value is not None and value not in self.options

    def _read_path(self, text: str) -> str:
        if not text or "\0" in text:
            raise ValueError("not a path")
        return text

    def _read_secret(self, text: str) -> str:
        return text

    @property
    def accepts(self) -> str:
        """What the flag accepts: the rest of the sentence `accepted: ...`."""
        words = {
            "integer": "a whole number" + self._range(),
            "decimal": f"a number{self._range()}, with at most {self.decimals} decimals",
            "duration": f"a duration{self._range()} (500ms, 90s, 2min, 1h, 1d; a bare number counts {self.unit_name})",
            "switch": "true or false",
            "choice": one_of(self.options),
            "choices": f"all, or some of {one_of(self.options)} with commas between them",
            "text": self.form,
            "path": one_of(("a file that can be read" if self.readable else "a path", *self.options)),
            "secret": self.form,
        }[self.kind]
        return words + (f", or {self.none_word}" if self.none_word else "")

    @property
    def range_in_words(self) -> str:
        """The range of a number or a duration; empty when it is not limited."""
        if self.kind not in ("integer", "decimal", "duration"):
            return ""
        return self._range().lstrip(", ").removeprefix("from ")

    def _range(self) -> str:
        lowest, highest = (0, LONGEST_MS) if self.kind == "duration" else (LOWEST, HIGHEST)
        if self.high != highest:
            return f" from {self._bound(self.low)} to {self._bound(self.high)}"
        return "" if self.low == lowest else f", {self._bound(self.low)} or more"

    def _bound(self, number: int | None) -> str:
        return str(Duration(number)) if self.kind == "duration" else str(number)

    @property
    def unit_name(self) -> str:
        """The unit in words."""
        return _UNIT_NAMES.get(self.unit, self.unit)

    def show(self, value: Any) -> str:
        """A value in the flag's own notation, so that `read` gives it back."""
        if value is None:
            return self.none_word or "none"
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value) if isinstance(value, Duration) else str(self.normal(value))

    @staticmethod
    def normal(value: Any) -> str | int | bool:
        """A value as the Java core takes it: durations in ms, decimals and lists as text."""
        if isinstance(value, Duration):
            return value.ms
        if isinstance(value, Decimal):
            # Not normalize(): it writes 100 as 1E+2.
            text = f"{value:f}"
            text = text.rstrip("0").rstrip(".") if "." in text else text
            return "0" if text in ("", "-0") else text
        if isinstance(value, tuple):
            return ",".join(value)
        return value


def one_of(options: tuple[str, ...]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return " or ".join(filter(None, (", ".join(options[:-1]), *options[-1:])))


def quoted(text: str, longest: int = 100) -> str:
    """A value between quotes, on one line and without characters that a terminal acts on; JSON and YAML read it back.

    Args:
        text: the value.
        longest: it is cut after so many characters.
    """
    text = text if len(text) <= longest else text[:longest] + "..."
    return '"' + _UNSHOWN.sub(lambda found: json.dumps(found[0])[1:-1], text) + '"'
