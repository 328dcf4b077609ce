import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flinkblocks.cdc.tables import Table, tables, topics
from flinkblocks.errors import UsageError

HOSTILE = "x'; DROP TABLE users;--"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("users,orders,products", [("public", "users"), ("public", "orders"), ("public", "products")]),
        ("users,users", [("public", "users")]),
        ("shop.users,public.a.b", [("shop", "users"), ("public", "a.b")]),
        (HOSTILE, [("public", HOSTILE)]),
        ("Users,users", [("public", "Users"), ("public", "users")]),
    ],
)
def test_names(text, found):
    assert tables(text) == [Table(*each) for each in found]


@pytest.mark.parametrize("text", [".users", "shop.", "users,.", "."])
def test_no_name(text):
    with pytest.raises(UsageError, match="names no table"):
        tables(text)


def test_two_tables_of_one_topic():
    with pytest.raises(UsageError, match=r'"a b" and "a_b" would be one topic'):
        tables("a b,a_b")


# What Debezium 3.7 names the topics of such tables.
@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("users", "x.cdc.public.users"),
        (HOSTILE, "x.cdc.public.x___DROP_TABLE_users_--"),
        ("ü€𝄞", "x.cdc.public.____"),
        ("A.b-c_d", "x.cdc.public.A.b-c_d"),
        ("..", "x.cdc.public..."),
    ],
)
def test_topic(name, topic):
    assert topics([Table("public", name)], "x.cdc") == [topic]


def test_label_is_that_of_the_records():
    assert Table("public", "users").label == "users"
    assert Table("shop", "users").label == "shop.users"


@given(st.text(min_size=1), st.text(min_size=1))
def test_pattern_is_nothing_but_the_name(schema, name):
    pattern = Table(schema, name).pattern
    assert pattern.startswith("(?-i)")
    body = pattern[len("(?-i)") :]
    # Nothing in it that Debezium splits at or trims, that Connect fills in, or that repeats or groups.
    assert re.fullmatch(r"[A-Za-z0-9_\\.{}]+", body)
    # As Java reads it: \x{27} is one character, \. a dot.
    parts = re.split(r"\\\.", body)
    assert len(parts) == 2
    read = [re.sub(r"\\x\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), part) for part in parts]
    assert read == [schema, name]
