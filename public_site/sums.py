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


class Sum(NamedTuple):
    """How many projects, and their money in fen."""

    projects: int = 0
    budget: int = 0
    allocated: int = 0


def read_cells(inventory: Inventory) -> list[Cell]:
    """One pass over the index of the projects: a few hundred cells for any county."""
    sql = (
        "select year, category, township, count(*), sum(budget), sum(allocated)"
        " from project group by year, category, township order by year, category, township"
    )
    return [Cell(*row) for row in inventory.rows(sql)]


def total(cells: Iterable[Cell]) -> Sum:
    """The cells added up."""
    projects = budget = allocated = 0
    for cell in cells:
        projects += cell.projects
        budget += cell.budget
        allocated += cell.allocated
    return Sum(projects, budget, allocated)


def totals_by(cells: list[Cell], key: Callable[[Cell], str]) -> dict[str, Sum]:
    """The cells added up for each value of the key, in the order of the values."""
    values = sorted({key(cell) for cell in cells})
    return {value: total(cell for cell in cells if key(cell) == value) for value in values}
