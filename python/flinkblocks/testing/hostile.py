"""Shop events as an adversary would write them, each with what is to become of it.

Formatting, field order, escapes and number forms are as wild as the contract allows; order is disturbed up to the
disorder bound, with many ties; invalid records are mixed in, each with the reason and field it must be refused for.
"""

from __future__ import annotations

import dataclasses
import json
import random
from decimal import Decimal

START_MS = 1_700_000_040_000  # a window's start: ties with window boundaries are likely, and wanted
CATEGORIES = ["books", "toys", "gärten", "電子", 'q"uote', "back\\slash", "a" * 256]
ADDRESSES = ["10.0.0.1", "10.0.0.1", "10.0.0.1", "::1", "", "\u00fc", None, 7, ["10.0.0.2"]]
# In order by UTF-8; by UTF-16, Java's own order, the third comes second.
MARKS = ["", "\ue000", "\U0001f600", "\uffff"]
PRODUCTS = [f"{mark}p{n}" for n in range(8) for mark in MARKS]
ACTIONS = ["view", "add_to_cart", "purchase", "purchase", "remove_from_cart", "wishlist", "gaze"]


@dataclasses.dataclass(frozen=True)
class Verdict:
    """Why an invalid record is refused."""

    reason: str
    field: str | None


@dataclasses.dataclass(frozen=True)
class Line:
    """One record of the input and what is to become of it."""

    raw: bytes
    timestamp: int
    event: dict | None
    verdict: Verdict | None


def lines(seed: int, count: int, disorder_ms: int = 4_900, step_ms: int = 30) -> list[Line]:
    """`count` records in an order that stays within `disorder_ms`.

    Args:
        seed: same seed, same records.
        count: how many, invalid ones included (about one in twelve).
        disorder_ms: no event comes after another whose timestamp is larger by more than this.
        step_ms: mean distance of events in event time.
    """
    rng = random.Random(seed)
    found = []
    event: dict = {}
    form = 0
    for n in range(count):
        timestamp = START_MS + n * step_ms
        # Ties, and instants just before, at and after a window's end.
        timestamp -= rng.choice(
            [0, 0, timestamp % 1000, timestamp % 60_000, timestamp % 60_000 + 1][: 3 if n < 99 else 5]
        )
        timestamp = max(timestamp, START_MS + n * step_ms - disorder_ms // 2)
        if event and rng.random() < 1 / 4:
            event = _twin(rng, event, _event(rng, n, timestamp))
        else:
            event, form = _event(rng, n, timestamp), rng.randrange(2**32)
        if rng.random() < 1 / 12:
            raw, verdict = _invalid(rng, event)
            found.append(Line(raw, event["timestamp"], None, verdict))
        else:
            # Twins are written alike: where their bytes first differ, there is a text or a number.
            found.append(written(random.Random(form), event))
    return interleave(rng.randrange(2**32), found, disorder_ms)


def written(rng: random.Random, event: dict) -> Line:
    """The line of a valid event, in one of the many forms that it may have."""
    return Line(_hostile_json(rng, event), event["timestamp"], event, None)


def lookers(timestamp: int) -> Line:
    """An event that no analysis of purchases cares for; it only moves time."""
    names = dict.fromkeys(("event_id", "user_id", "session_id", "product_id", "category"), "looker")
    event = {**names, "action": "view", "price": Decimal(1), "quantity": 1, "timestamp": timestamp}
    return Line(json.dumps({**event, "price": 1}).encode(), timestamp, event, None)


#: Long after everything else: once every partition has it, all windows close.
CLOSING = lookers(START_MS + 100 * 3_600_000)


def interleave(seed: int, records: list[Line], disorder_ms: int) -> list[Line]:
    """Another order of the same records, within the bound: each is held up by at most `disorder_ms`."""
    rng = random.Random(seed)
    return [r for _, _, r in sorted((r.timestamp + rng.randint(0, disorder_ms), rng.random(), r) for r in records)]


def partitions(seed: int, records: list[Line], count: int) -> list[list[Line]]:
    """The records spread over partitions; the order within each stays."""
    rng = random.Random(seed)
    spread: list[list[Line]] = [[] for _ in range(count)]
    for record in records:
        rng.choice(spread).append(record)
    return spread


def _event(rng: random.Random, n: int, timestamp: int) -> dict:
    price = rng.choice(["0", "0.000001", "19.99", "12.499999999999998", "1e2", "999999.999999", "0.1", "33.333333"])
    quantity = rng.choice([1, 1, 1, 2, 3, 7, 1000])
    event = {
        "event_id": f"{rng.choice(MARKS)}e{n % 500}",
        "user_id": rng.choice(["u", "ü", "u\u0000", "\U0001f600"]) + str(rng.randrange(40)),
        "session_id": f"{rng.choice(MARKS)}s{rng.randrange(60)}",
        "product_id": rng.choice(PRODUCTS),
        "category": rng.choice(CATEGORIES),
        "action": rng.choice(ACTIONS),
        "price": Decimal(price),
        "quantity": quantity,
        "timestamp": timestamp,
    }
    if rng.random() < 0.5:
        event["metadata"] = {"ip_address": rng.choice(ADDRESSES), "user_agent": "x" * rng.randrange(200)}
    return event


def _twin(rng: random.Random, event: dict, other: dict) -> dict:
    """An event of the same user, action and time, often of the same id too: only the rules for ties tell them apart.

    Its product is another one, so that no two results are the same.
    """
    product = PRODUCTS[(PRODUCTS.index(event["product_id"]) + 1) % len(PRODUCTS)]
    differing = ["session_id", "price", "quantity", *rng.choice([[], ["event_id"]])]
    return {**event, "product_id": product, **{name: other[name] for name in differing}}


def _space(rng: random.Random) -> str:
    return rng.choice(["", "", "", " ", "\t", "  ", "\r"])


def _text(rng: random.Random, value: str) -> str:
    if rng.random() < 0.5:
        return json.dumps(value, ensure_ascii=rng.random() < 0.5)
    units = value.encode("utf-16-be")
    pairs = [units[i : i + 2].hex() for i in range(0, len(units), 2)]
    return '"' + "".join(f"\\u{p.upper() if rng.random() < 0.5 else p}" for p in pairs) + '"'


def _number(rng: random.Random, value: Decimal) -> str:
    plain = format(value, "f")
    forms = [plain, f"{value:E}".replace("E+", rng.choice(["e", "E+", "E"]))]
    if "." in plain:
        forms.append(plain + "0" * rng.randrange(30))
    if value == 0:
        forms += ["-0", "-0.0", "0e99", "0.0000001"]
    return rng.choice(forms)


def _member(rng: random.Random, key: str, value: object) -> str:
    if isinstance(value, Decimal):
        text = _number(rng, value)
    elif isinstance(value, str):
        text = _text(rng, value)
    else:
        text = json.dumps(value)
    return f"{_space(rng)}{_text(rng, key)}{_space(rng)}:{_space(rng)}{text}{_space(rng)}"


def _hostile_json(rng: random.Random, event: dict) -> bytes:
    # The order of the fields first: twins have the same.
    members = [_member(rng, key, value) for key, value in rng.sample(list(event.items()), len(event))]
    if rng.random() < 0.3:  # of a duplicate the last one counts
        key = rng.choice(list(event))
        members.insert(0, _member(rng, key, rng.choice([None, 5, "x", [1], {"a": "}"}])))
    if rng.random() < 0.3:
        deep = rng.randrange(1, 62)
        members.insert(rng.randrange(len(members)), f'"unknown": {"[" * deep}"\\"]"{"]" * deep}')
    # No carriage return at the end: in a file it would belong to the line end.
    return (_space(rng) + "{" + ",".join(members) + "}" + _space(rng).replace("\r", " ")).encode()


def _invalid(rng: random.Random, event: dict) -> tuple[bytes, Verdict]:
    good = _hostile_json(rng, event).strip()
    field = rng.choice(["event_id", "user_id", "category", "action"])
    without = {k: v for k, v in event.items() if k != field}

    def changed(**values: object) -> bytes:
        return json.dumps({**event, "price": 1, **values}).encode()

    return rng.choice([
        (good[: rng.randrange(1, len(good))].rstrip(), Verdict("not_json", None)),
        (good + b"x", Verdict("not_json", None)),
        (good[:-1] + b',"x":"\xed\xa0\x80"}', Verdict("not_json", None)),
        (good[:-1] + b',"x":"\\ud800"}', Verdict("not_json", None)),
        (good[:-1] + b',"x":01}', Verdict("not_json", None)),
        (good[:-1] + b',"x":' + b"[" * 64 + b"]" * 64 + b"}", Verdict("too_deep", None)),
        (b"[" + good + b"]", Verdict("not_object", None)),
        (_hostile_json(rng, without), Verdict("missing_field", field)),
        (changed(**{field: None}), Verdict("wrong_type", field)),
        (changed(quantity=1.0), Verdict("wrong_type", "quantity")),
        (changed(metadata=[]), Verdict("wrong_type", "metadata")),
        (changed(**{field: ""}), Verdict("empty", field)),
        (changed(**{field: "é" * 129}), Verdict("too_long", field)),
        (changed(price=-0.01), Verdict("out_of_range", "price")),
        (changed(quantity=0), Verdict("out_of_range", "quantity")),
        (changed(price=1_000_000_000.01), Verdict("out_of_range", "quantity")),
        (changed(timestamp=253402300800000), Verdict("out_of_range", "timestamp")),
        (changed(timestamp=253402300799999), Verdict("timestamp_in_future", "timestamp")),
    ])  # fmt: skip
