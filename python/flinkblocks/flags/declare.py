"""How a flag is declared: a call of its group as the default of a field of a `FlagSet`."""

# No `from __future__ import annotations` where flags are declared: pydantic reads the types.
from typing import Any, Optional

from pydantic import Field

from flinkblocks.flags.durations import LONGEST_MS
from flinkblocks.flags.spec import HIGHEST, Spec

# Letters that file names, Kafka topics and transactional ids can have.
_NAME = r"[A-Za-z0-9._\-]"
_PORT = r"(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
_ADDRESS = r"(?:[A-Za-z0-9._\-]+|\[[0-9A-Fa-f:.]+\]):" + _PORT
# A password may stand before an @, or among the parameters: neither is let in.
_POSTGRES = (
    r"(?:jdbc:)?postgres(?:ql)?://(?!.*(?:user|password)=)"
    r"[A-Za-z0-9._\-\[\]:,]+/[A-Za-z0-9._%\-]+(?:\?[!-?A-~]*)?"
)


class Group:
    """Flags under one heading of --help; each method declares one, of the field's type that it names.

    The field's name is the flag's name with underscores for dashes. All methods take `default`, in the flag's own
    notation or None for a flag that need not be set, `help`, one sentence, and as keywords

        env: the environment variable; FLINKBLOCKS_ and the flag's name unless given.
        when: other defaults, for runs in which other flags are set; the first that applies counts.
        default_help: the default in words, where its notation does not say it.
        none_word: the word that unsets the flag; `none` for flags without a default.
        metavar: what stands for the value in --help.
        after: the flag of a base class that it is to stand behind, with those that its class declares next.
    """

    def __init__(self, heading: str):
        """A group.

        Args:
            heading: in --help.
        """
        self.heading = heading

    def integer(self, default: Optional[int], help: str, *, low: int = 0, high: int = HIGHEST, **more: Any) -> Any:
        """A whole number from `low` to `high`; int."""
        return self._flag("integer", default, help, low=low, high=high, **{"metavar": "N", **more})

    def decimal(
        self, default: Optional[str], help: str, *, low: int = 0, high: int = HIGHEST, decimals: int = 6, **more: Any
    ) -> Any:
        """An exact decimal from `low` to `high` with at most `decimals` decimals; Decimal."""
        more = {"metavar": "NUMBER", **more}
        return self._flag("decimal", default, help, low=low, high=high, decimals=decimals, **more)

    def fraction(self, default: str, help: str, **more: Any) -> Any:
        """A decimal from 0 to 1; Decimal."""
        return self.decimal(default, help, high=1, metavar="FRACTION", **more)

    def duration(
        self, default: Optional[str], help: str, *, unit: str = "s", low: int = 0, high: int = LONGEST_MS, **more: Any
    ) -> Any:
        """A time from `low` to `high` milliseconds; a bare number counts `unit`; Duration."""
        more = {"metavar": "DURATION", **more}
        return self._flag("duration", default, help, unit=unit, low=low, high=high, **more)

    def switch(self, help: str, **more: Any) -> Any:
        """Off unless it is there; `--flag=false` turns off what a file turned on; bool."""
        return self._flag("switch", "false", help, **more)

    def choice(self, default: Optional[str], help: str, *, options: tuple[str, ...], **more: Any) -> Any:
        """One of the options; str."""
        return self._flag("choice", default, help, options=options, **{"metavar": "|".join(options), **more})

    def choices(self, default: Optional[str], help: str, *, options: tuple[str, ...], **more: Any) -> Any:
        """Some of the options with commas between them, or `all`; tuple[str, ...], in the order of the options."""
        return self._flag("choices", default, help, options=options, **{"metavar": "A,B,...", **more})

    def text(self, default: Optional[str], help: str, *, pattern: str, form: str, **more: Any) -> Any:
        """A text that matches `pattern` (syntax that Python and Java share), which `form` says in words; str."""
        return self._flag("text", default, help, pattern=pattern, form=form, **{"metavar": "TEXT", **more})

    def name(self, default: Optional[str], help: str, *, shortest: int = 1, longest: int = 100, **more: Any) -> Any:
        """A name that can be part of a folder, a Kafka topic, a transactional id; str."""
        pattern = f"(?!\\.{{1,2}}$){_NAME}{{{shortest},{longest}}}"
        form = f"letters, digits, '.', '_' and '-', at most {longest}"
        return self.text(default, help, pattern=pattern, form=form, **{"metavar": "NAME", **more})

    def address(self, default: Optional[str], help: str, **more: Any) -> Any:
        """`host:port`; str."""
        return self.text(default, help, pattern=_ADDRESS, form="host:port", **{"metavar": "HOST:PORT", **more})

    def addresses(self, default: Optional[str], help: str, **more: Any) -> Any:
        """`host:port`, or several with commas between them; str."""
        pattern, form = f"{_ADDRESS}(?:,{_ADDRESS})*", "host:port, more with commas between them"
        return self.text(default, help, pattern=pattern, form=form, **{"metavar": "HOST:PORT,...", **more})

    def postgres_url(self, default: Optional[str], help: str, **more: Any) -> Any:
        """A database's URL without user and password, so that it can be shown; str."""
        form = "postgresql://host:port/database without user and password"
        more = {"metavar": "URL", "private": True, **more}
        return self.text(default, help, pattern=_POSTGRES, form=form, **more)

    def user(self, default: Optional[str], help: str, **more: Any) -> Any:
        """A database user; str."""
        form = "letters and signs, at most 63"
        return self.text(default, help, pattern="[!-~]{1,63}", form=form, **{"metavar": "NAME", **more})

    def path(
        self, default: Optional[str], help: str, *, readable: bool = False, words: tuple[str, ...] = (), **more: Any
    ) -> Any:
        """A file or folder, made absolute, or a URI; str.

        Args:
            default: see the class.
            help: see the class.
            readable: it must be a file that can be read here and now.
            words: that have a meaning of their own; a file of that name is given as `./word`.
            **more: see the class.
        """
        more = {"metavar": "FILE" if readable else "PATH", **more}
        return self._flag("path", default, help, readable=readable, options=words, **more)

    def secret(self, help: str, *, env: str, file: str) -> Any:
        """What only the environment or a file may hold; Optional[SecretStr].

        The environment counts unless the file was named on the command line.

        Args:
            help: see the class.
            env: the variable that holds it.
            file: the flag, a `path`, that names a file with it.
        """
        form = f"{env} in the environment, or --{file}"
        return self._flag("secret", None, help, env=env, secret_file=file, form=form)

    def _flag(self, kind: str, default: Any, help: str, **known: Any) -> Any:
        default = None if default is None else str(default)
        optional = default is None and not known.get("when") and kind != "secret"
        known = {"none_word": "none" if optional else "", **known}
        spec = Spec(kind, help, self.heading, default=default, **known)
        return Field(default=spec.default_value, description=help, json_schema_extra={"flag": spec})
