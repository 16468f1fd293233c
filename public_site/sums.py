"""Sums of the published projects, by year, category and township."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from public_site.inventory import Inventory


class Cell(NamedTuple):
    """All projects of one year, category and township (`""`: county-wide); amounts in fen."""

    year: int
    category: str
    township: str
    projects: int
    budget: int
    allocated: int
    paid: int
    finished: int


class Sum(NamedTuple):
    """How many projects, their money in fen, and how many of them are finished."""

    projects: int = 0
    budget: int = 0
    allocated: int = 0
    paid: int = 0
    finished: int = 0


def read_cells(inventory: Inventory, year: int | None = None) -> list[Cell]:
    """One pass over the index of the projects, or of a year's: a few hundred cells for any county."""
    sql = (
        "select year, category, township,"
        " count(*), sum(budget), sum(allocated), sum(paid), sum(finished)"
        " from project where year = ?1 or ?1 is null"
        " group by year, category, township order by year, category, township"
    )
    if year is not None:  # or the index is not searched
        sql = sql.replace(" or ?1 is null", "")
    return [Cell(*row) for row in inventory.rows(sql, year)]


def total(cells: Iterable[Cell]) -> Sum:
    """The cells added up."""
    columns = zip(*(cell[3:] for cell in cells), strict=True)
    return Sum(*map(sum, columns))


def totals_by(cells: list[Cell], key: Callable[[Cell], str]) -> dict[str, Sum]:
    """The cells added up for each value of the key, in the order of the values."""
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(key(cell), []).append(cell)
    return {value: total(groups[value]) for value in sorted(groups)}
