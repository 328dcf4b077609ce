"""A block with a flag of every kind, for the tests of both languages."""

from decimal import Decimal
from typing import Optional

from pydantic import SecretStr

from flink_common import CommonFlags, engines
from flinkblocks.flags import Duration, Group, Rule

_DEMO = Group("Demo")


class DemoFlags(CommonFlags):
    """Every kind of flag."""

    block = "demo"
    examples = (("", "as it comes"), ("--records 5 --window 3", "five events, three minutes"))
    rules = (
        Rule("early", "needs", "window-types", among=("tumbling", "sliding")),
        Rule("early", "less-than", "window", when=("window-types", "tumbling")),
        Rule("early", "not-too-often", "window"),
        Rule("slide", "divides", "window"),
        Rule("low", "at-most", "high"),
        Rule("engine", "takes-only", "tables", among=("users",)),
    )

    engine: str = engines("java", "python")
    window: Duration = _DEMO.duration("10min", "a length", unit="min", low=1)
    slide: Duration = _DEMO.duration("2min", "what divides it", unit="min", low=1)
    early: Duration = _DEMO.duration("0", "less than the length")
    low: Decimal = _DEMO.decimal("1.50", "not more than high", high=1_000_000, decimals=2)
    high: Decimal = _DEMO.decimal("1000", "not less than low", high=1_000_000, decimals=2)
    offset: int = _DEMO.integer(0, "a number of either sign", low=-(2**63))
    window_types: tuple[str, ...] = _DEMO.choices("all", "some", options=("tumbling", "sliding", "session"))
    tables: Optional[tuple[str, ...]] = _DEMO.choices(None, "some or none", options=("users", "orders"))
    label: str = _DEMO.text("a b", "free text", pattern=".*", form="any text")
    source_postgres_url: Optional[str] = _DEMO.postgres_url(None, "another database")
    source_password_file: Optional[str] = _DEMO.path(None, "its password", readable=True)
    source_password: Optional[SecretStr] = _DEMO.secret("its password", env="SOURCE_PW", file="source-password-file")
