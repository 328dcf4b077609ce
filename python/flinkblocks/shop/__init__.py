"""A web shop's database at work: a seeded state machine that changes users, products and orders.

Public: `Shop` (what happens next, without a database), `Executor` (makes it happen in PostgreSQL), `ChangeLog` (what
was committed); the command line is `//python/flinkblocks/shop:workload`.
"""

from flinkblocks.shop.changelog import ChangeLog
from flinkblocks.shop.executor import Executor
from flinkblocks.shop.model import Change, Savepoint, Shop, Transaction

__all__ = ["Change", "ChangeLog", "Executor", "Savepoint", "Shop", "Transaction"]
