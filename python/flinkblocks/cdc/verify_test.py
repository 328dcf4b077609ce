from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from flinkblocks.cdc.verify import Comparison, Difference, differences, report

COLUMNS = ("user_id", "tier", "total")
ROWS = st.dictionaries(
    st.integers(-5, 5), st.tuples(st.sampled_from(["gold", None]), st.sampled_from([Decimal("1.50"), Decimal(2)]))
)


def rows(found):
    return [(key, *found[key]) for key in sorted(found)]


@given(ROWS, ROWS)
def test_differences_are_those_of_two_maps(expected, found):
    wanted = set()
    for key in expected.keys() | found.keys():
        if key not in found:
            wanted.add((key, "", expected[key], None))
        elif key not in expected:
            wanted.add((key, "", None, found[key]))
        else:
            pairs = zip(COLUMNS[1:], expected[key], found[key])
            wanted |= {(key, column, should, does) for column, should, does in pairs if should != does}
    got = list(differences("t", COLUMNS, rows(expected), rows(found)))
    assert {(d.key, d.column, d.expected, d.found) for d in got} == wanted
    assert len(got) == len(wanted)
    assert [d.key for d in got] == sorted(d.key for d in got)


def test_amounts_are_compared_by_value():
    assert list(differences("t", COLUMNS, [(1, "gold", Decimal("10.00"))], [(1, "gold", Decimal(10))])) == []


def test_report_of_equal_tables():
    assert report(Comparison({"customer_analytics": 1200, "product_analytics": 3}, 0, [])) == [
        "EQUAL to their reference queries: customer_analytics: 1,200 rows, product_analytics: 3 rows"
    ]


def test_report_shows_what_differs_as_it_is():
    first = [
        Difference("customer_analytics", 7, "tier", "[bold]gold", None),
        Difference("customer_analytics", 8, "", (None, Decimal("1.50")), None),
        Difference("product_analytics", -1, "", None, ("toys", 2)),
    ]
    head, titles, _, *lines = report(Comparison({"customer_analytics": 2, "product_analytics": 1}, 23, first))
    assert "NOT EQUAL" in head
    assert "23 differences, the first 3" in head
    assert titles.split() == ["table", "key", "column", "expected", "found"]
    assert [line.split(None, 2)[2].split() for line in lines] == [
        ["tier", "[bold]gold", "null"],
        ["(row)", "null,", "1.50", "no", "row"],
        ["(row)", "no", "row", "toys,", "2"],
    ]
