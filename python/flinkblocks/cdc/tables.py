"""The tables whose changes are captured: what each is called in SQL, in Kafka and in the connector's configuration."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from psycopg2 import sql

from flinkblocks.errors import UsageError

_DEFAULT_SCHEMA = "public"
# What a topic's name can have.
_TOPIC = re.compile(r"[A-Za-z0-9._-]")


@dataclass(frozen=True)
class Table:
    """A table of the source, whatever characters its name is made of.

    Attributes:
        schema: it is in.
        name: its own.
    """

    schema: str
    name: str

    @property
    def label(self) -> str:
        """As records and people call it: without the schema where that goes without saying."""
        return self.name if self.schema == _DEFAULT_SCHEMA else f"{self.schema}.{self.name}"

    @property
    def identifier(self) -> sql.Identifier:
        """As it stands in a statement."""
        return sql.Identifier(self.schema, self.name)

    @property
    def pattern(self) -> str:
        """The regular expression of Java that the connector's list of tables has for it.

        Debezium splits the list at commas, trims the parts, lets Connect fill in `${...}`, and ignores case: nothing
        but letters, digits and `_` stands for itself.
        """
        parts = ("".join(map(_escaped, part)) for part in (self.schema, self.name))
        return "(?-i)" + r"\.".join(parts)

    def topic(self, prefix: str) -> str:
        """The topic of its changes, as Debezium names it.

        Args:
            prefix: the connector's topic.prefix.
        """
        name = f"{prefix}.{self.schema}.{self.name}"
        # Java counts a character beyond the first 65,536 as two.
        return "".join(c if _TOPIC.match(c) else "_" * (1 + (ord(c) > 0xFFFF)) for c in name)


def tables(text: str) -> list[Table]:
    """The tables of --source-tables.

    Args:
        text: TABLE or SCHEMA.TABLE, more with commas between them; those without a schema are in public.

    Raises:
        UsageError: a name has an empty part, or two would share a topic.
    """
    found: dict[str, Table] = {}
    for word in text.split(","):
        schema, dot, name = word.partition(".")
        table = Table(schema, name) if dot else Table(_DEFAULT_SCHEMA, schema)
        if not table.schema or not table.name:
            raise UsageError(f'--source-tables: "{word}" names no table', "accepted: TABLE or SCHEMA.TABLE")
        other = found.setdefault(table.topic(""), table)
        if other != table:
            raise UsageError(
                f'--source-tables: "{other.label}" and "{table.label}" would be one topic',
                "give one of the two: in topics all but letters, digits, '.' and '-' becomes '_'",
            )
    return list(found.values())


def topics(captured: Sequence[Table], prefix: str) -> list[str]:
    """The topics of tables, in the same order.

    Args:
        captured: the tables.
        prefix: the connector's topic.prefix.
    """
    return [table.topic(prefix) for table in captured]


def _escaped(character: str) -> str:
    plain = character.isascii() and (character.isalnum() or character == "_")
    return character if plain else f"\\x{{{ord(character):x}}}"
