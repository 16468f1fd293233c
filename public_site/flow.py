"""A year's money as streams from the tiers over the categories to the townships.

The streams are what a picture and its tables are made from, so the two cannot differ.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from public_site.inventory import Inventory
from public_site.schema import CATEGORIES, TIERS, FundDocument

PLACED = """
select p.category, p.township, sum(l.amount) from line l join project p on p.code = l.project
where l.fund in (select value from json_each(?)) group by 1, 2
"""
HIDDEN = "项目还没有公开"
WAITING = "还没有安排"
KINDS = (*CATEGORIES, HIDDEN, WAITING)


class Stream(NamedTuple):
    """Money that went one way, fen. township: code, `""` = county-wide, None = to none yet."""

    tier: str
    kind: str
    township: str | None
    amount: int


class Cross(NamedTuple):
    """Streams added up by row and column. cells: of each row, in the order of the columns."""

    columns: list[str]
    rows: list[tuple[str, list[int], int]]
    totals: list[int]
    total: int


def streams(funds: Iterable[FundDocument], inventory: Inventory) -> list[Stream]:
    """Where the money of the documents went; what was placed on no public project counts too."""
    by_tier: dict[str, list[FundDocument]] = {}
    for fund in funds:
        by_tier.setdefault(fund.tier, []).append(fund)
    found = (_of_tier(tier, of_tier, inventory) for tier, of_tier in by_tier.items())
    return [stream for stream in chain.from_iterable(found) if stream.amount]


def cross(found: list[Stream], row: Callable[[Stream], str | None]) -> Cross:
    """The streams as a table: a row for each value of `row` but None, a column for each kind."""
    found = [stream for stream in found if row(stream) is not None]
    columns = [kind for kind in KINDS if any(stream.kind == kind for stream in found)]
    cells: dict[tuple[str, str], int] = {}
    for stream in found:
        key = (row(stream) or "", stream.kind)
        cells[key] = cells.get(key, 0) + stream.amount
    names = sorted({name for name, _kind in cells}, key=lambda name: _place_of(name, cells))
    lines = [[cells.get((name, kind), 0) for kind in columns] for name in names]
    totals = [sum(column) for column in zip(*lines, strict=True)]
    rows = [(name, line, sum(line)) for name, line in zip(names, lines, strict=True)]
    return Cross(columns, rows, totals, sum(totals))


def _of_tier(tier: str, funds: list[FundDocument], inventory: Inventory) -> Iterator[Stream]:
    placed = list(inventory.rows(PLACED, json.dumps([fund.code for fund in funds])))
    for category, township, amount in placed:
        yield Stream(tier, category, township, amount)
    allocated = sum(fund.allocated for fund in funds)
    listed = sum(amount for _category, _township, amount in placed)
    yield Stream(tier, HIDDEN, None, allocated - listed)
    yield Stream(tier, WAITING, None, sum(fund.amount for fund in funds) - allocated)


def _place_of(name: str, cells: dict[tuple[str, str], int]) -> tuple[int, int, str]:
    """Tiers in their order; townships by money, the county-wide row last."""
    if name in TIERS:
        return TIERS.index(name), 0, name
    return int(not name), -sum(amount for (row, _), amount in cells.items() if row == name), name
