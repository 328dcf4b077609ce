"""What happens in the shop: each action adds a few changes to a draft, or none when there is nothing to act on."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Callable

from flinkblocks.shop import values
from flinkblocks.shop.draft import Draft
from flinkblocks.shop.tables import Row

Action = Callable[[Draft], None]

_NEXT = {"placed": "paid", "paid": "shipped", "shipped": "cancelled"}
# How long ago an order was placed that comes now, seconds: also before 1970.
_AGES = (0, 0, 0, 0, 86_400, 10**9, 2 * 10**9)


def register(d: Draft) -> None:
    """A user comes; now and then the one that orders were waiting for."""
    id = d.ids.promised(d.rng, "users") if d.rng.random() < 0.3 else None
    if id is None or d.tables["users"].get(id):
        id = d.ids.new("users")
    d.insert("users", **user(d, id))


def user(d: Draft, id: int) -> Row:
    """A new user's row."""
    return {
        "id": id, "email": values.email(d.rng, id), "name": values.name(d.rng), "tier": _first(d, values.TIERS[0]),
        "status": d.rng.choice(["pending", "pending", "active"]), "created_at": d.now, "updated_at": d.now,
    }  # fmt: skip


def _first(d: Draft, usual: str) -> str:
    return usual if d.rng.random() < 0.8 else values.tier(d.rng)


def move_status(d: Draft) -> None:
    """A user is activated, suspended, reactivated, or pending again."""
    if row := d.any("users"):
        usual = "suspended" if row["status"] == "active" else "active"
        d.update("users", row, status=usual if d.rng.random() < 0.9 else "pending")


def move_tier(d: Draft) -> None:
    """A user goes up or down."""
    if row := d.any("users"):
        d.update("users", row, tier=values.tier(d.rng, row["tier"]))


def move_both(d: Draft) -> None:
    """Status and tier in one update."""
    if row := d.any("users"):
        status = d.rng.choice(["active", "suspended", "pending"])
        d.update("users", row, status=status, tier=values.tier(d.rng, row["tier"]))


def change_email(d: Draft) -> None:
    """A new address, or one that another user has already, in other letters."""
    row, other = d.any("users"), d.any("users")
    if row:
        taken = d.rng.random() < 0.15
        email = d.rng.choice([str.upper, str.lower])(other["email"]) if taken else values.email(d.rng, row["id"])
        d.update("users", row, email=email)


def rename(d: Draft) -> None:
    """A user or a product has another name."""
    table = d.rng.choice(["users", "products"])
    if row := d.any(table):
        d.update(table, row, name=values.name(d.rng))


def touch(d: Draft) -> None:
    """An update that changes nothing, or nothing but a time that goes backwards."""
    table = d.rng.choice(list(d.tables))
    row = d.any(table)
    if row and d.rng.random() < 0.8:
        d.touch(table, row)
    elif row:
        d.update(table, row, updated_at=row["updated_at"] - datetime.timedelta(days=1))


def leave(d: Draft) -> None:
    """A user is deleted; what was ordered stays, and some come back."""
    if row := d.any("users"):
        d.delete("users", row)
        if d.rng.random() < 0.3:
            d.ids.promise("users", row["id"])


def list_product(d: Draft) -> None:
    """A product comes; now and then the one that orders were waiting for."""
    id = d.ids.promised(d.rng, "products") if d.rng.random() < 0.3 else None
    if id is None or d.tables["products"].get(id):
        id = d.ids.new("products")
    d.insert("products", **product(d, id))


def product(d: Draft, id: int) -> Row:
    """A new product's row."""
    level = values.reorder_level(d.rng)
    return {
        "id": id, "sku": values.text(d.rng, f"SKU-{id:05d}"), "name": values.text(d.rng, f"Product {id}"),
        "category": values.category(d.rng), "price": values.price(d.rng),
        "stock": level + 20 if d.rng.random() < 0.8 else values.stock(d.rng, level), "reorder_level": level,
        "updated_at": d.now,
    }  # fmt: skip


def reprice(d: Draft) -> None:
    """A product costs something else."""
    if row := d.any("products"):
        d.update("products", row, price=values.price(d.rng))


def restock(d: Draft) -> None:
    """Stock moves, or what counts as low does."""
    row = d.any("products")
    if row and d.rng.random() < 0.85:
        d.update("products", row, stock=values.stock(d.rng, row["reorder_level"]))
    elif row:
        d.update("products", row, reorder_level=values.reorder_level(d.rng))


def recategorize(d: Draft) -> None:
    """A product moves to another category."""
    if row := d.any("products"):
        d.update("products", row, category=values.category(d.rng))


def delist(d: Draft) -> None:
    """A product is deleted; what was ordered of it stays."""
    row = d.any("products")
    if row and len(d.tables["products"]) > 2:
        d.delete("products", row)


def place(d: Draft) -> None:
    """An order comes, mostly together with its effect on the stock."""
    d.insert("orders", **order(d))
    product = d.tables["products"].get(d.steps[-1].after["product_id"])
    if product and d.room > 0 and d.rng.random() < 0.6:
        sold = min(abs(d.steps[-1].after["quantity"]), 20)
        d.update("products", product, stock=product["stock"] - sold)


def order(d: Draft) -> Row:
    """A new order's row, seldom of a user or product that is not there (yet)."""
    product_id = _referred(d, "products")
    quantity, product = values.quantity(d.rng), d.tables["products"].get(product_id)
    price = product["price"] if product else Decimal("9.99")
    return {
        "id": d.ids.new("orders"), "user_id": _referred(d, "users"), "product_id": product_id, "quantity": quantity,
        "amount": values.amount(d.rng, quantity, price), "status": d.rng.choice(["placed", "placed", "paid"]),
        "created_at": d.now - datetime.timedelta(seconds=d.rng.choice(_AGES)), "updated_at": d.now,
    }  # fmt: skip


def _referred(d: Draft, table: str) -> int:
    row = d.any(table)
    if row and d.rng.random() < 0.96:
        return row["id"]
    id = d.ids.new(table)
    if d.rng.random() < 0.6:
        d.ids.promise(table, id)
    return id


def advance(d: Draft) -> None:
    """An order is paid, shipped, cancelled, or placed again after all."""
    if row := d.any("orders"):
        usual = _NEXT.get(row["status"], "placed")
        d.update("orders", row, status=usual if d.rng.random() < 0.7 else "cancelled")


def move_order(d: Draft) -> None:
    """An order goes to another user, or is about another product."""
    row, column = d.any("orders"), d.rng.choice(["user_id", "product_id"])
    if row:
        d.update("orders", row, **{column: _referred(d, {"user_id": "users", "product_id": "products"}[column])})


def correct_order(d: Draft) -> None:
    """Quantity and amount change, or the time of the order does."""
    row = d.any("orders")
    if row and d.rng.random() < 0.7:
        quantity, product = values.quantity(d.rng), d.tables["products"].get(row["product_id"])
        price = product["price"] if product else Decimal("0.01")
        d.update("orders", row, quantity=quantity, amount=values.amount(d.rng, quantity, price))
    elif row:
        d.update("orders", row, created_at=d.now - datetime.timedelta(seconds=d.rng.choice([1, 3_600])))


def drop_order(d: Draft) -> None:
    """An order is deleted."""
    if row := d.any("orders"):
        d.delete("orders", row)


def change_id(d: Draft) -> None:
    """A row gets another primary key."""
    table = d.rng.choice(list(d.tables))
    if row := d.any(table):
        d.update(table, row, id=d.ids.odd(d.rng, table) if d.rng.random() < 0.3 else d.ids.new(table))


def replace(d: Draft) -> None:
    """A user is deleted and comes anew under the same id, in one transaction."""
    row = d.any("users")
    if row and d.room > 1:
        d.delete("users", row)
        d.insert("users", **user(d, row["id"]))


#: How often each happens, relative to the others.
WEIGHTS: dict[Action, int] = {
    register: 8, move_status: 9, move_tier: 6, move_both: 2, change_email: 4, rename: 3, touch: 3, leave: 3,
    list_product: 2, reprice: 5, restock: 9, recategorize: 1, delist: 1,
    place: 22, advance: 12, move_order: 3, correct_order: 4, drop_order: 4, change_id: 2, replace: 1,
}  # fmt: skip


def anything(d: Draft) -> None:
    """One action by its weight."""
    d.rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0](d)


def many(d: Draft, count: int) -> None:
    """So many rows at once: orders come, are shipped, are deleted; users come."""
    kind = d.rng.choice(["place", "ship", "drop", "register"])
    count = min(count, d.room)
    if kind == "place":
        for _ in range(count):
            d.insert("orders", **order(d))
    elif kind == "ship":
        for row in d.tables["orders"].sample(d.rng, count):
            d.update("orders", row, status="shipped")
    elif kind == "drop":
        for row in d.tables["orders"].sample(d.rng, count // 4):
            d.delete("orders", row)
    # What there were too few rows for.
    for _ in range(count - len(d.steps)):
        d.insert("users", **user(d, d.ids.new("users")))
