"""Reading a grid as it comes in: changed cells of the form, a whole pasted table, an address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from portal.funds.matrix import Grid, Key
from portal.funds.papers import tidy_number
from portal.rules.money import MoneyError, parse_wan
from portal.spreadsheets.cells import clean_text

CELL = re.compile(r"cell-([0-9]{1,9})-([0-9]{1,9})")
WAS = re.compile(r"([0-9]{1,9})-([0-9]{1,9}):([0-9]{1,14})")
TYPED = re.compile(r"([0-9]{1,9})-([0-9]{1,9})-([^_]{0,40})(?:_|$)")
MOST_CELLS = 20_000


@dataclass(frozen=True)
class Cell:
    """A cell that somebody changed: what it held when they saw it, and what it is to hold, in fen.

    An empty cell is 0. ``problem`` says why what was typed means nothing.
    """

    key: Key
    typed: str
    was: int
    amount: int = 0
    problem: str = ""


@dataclass(frozen=True)
class Pasted:
    """One filled cell of a pasted table, by its names; ``cell`` where both are known."""

    row: int
    project: str
    document: str
    typed: str
    cell: Cell | None = None
    problem: str = ""


def changed_cells(form: Mapping[str, str]) -> list[Cell]:
    """The cells ``cell-<project>-<document>`` that differ from what the page showed.

    The field ``was`` carries what it showed, filled cells only: ``12-3:406000000 12-4:...``.
    """
    was = {
        (int(found[1]), int(found[2])): int(found[3])
        for found in WAS.finditer(form.get("was", "")[:1_000_000])
    }
    cells = []
    for name, typed in form.items():
        found = CELL.fullmatch(name)
        if found:
            key = int(found[1]), int(found[2])
            cells.append(_cell(key, typed, was.get(key, 0)))
    return [cell for cell in cells if cell.problem or cell.amount != cell.was]


def shown_amounts(own: Mapping[Key, int]) -> str:
    """The field ``was`` for what a page shows."""
    return " ".join(f"{project}-{document}:{fen}" for (project, document), fen in own.items())


def amounts_in_address(changed: str) -> dict[Key, int]:
    """``12-3-406.00_12-4-`` of an address, short enough for many cells; unreadable ones are left out."""
    amounts = {}
    for found in TYPED.finditer(changed):
        cell = _cell((int(found[1]), int(found[2])), found[3], 0)
        if not cell.problem:
            amounts[cell.key] = cell.amount
    return amounts


def pasted_cells(text: str, grid: Grid) -> list[Pasted]:
    """Read a table: document numbers in its first line, a project's code or name begins each other.

    Empty cells are not meant; 0 empties a cell.
    """
    lines = [line.split("\t") for line in text.splitlines()]
    if not lines:
        return []
    columns = {name: one.id for one in grid.documents for name in (one.number, one.title, one.code)}
    heads = [clean_text(head) for head in lines[0]]
    documents = [columns.get(head) or columns.get(tidy_number(head)) for head in heads]
    projects = _by_name(grid)
    return [
        _pasted(grid, number, clean_text(line[0]), projects, head, document_id, typed.strip())
        for number, line in enumerate(lines[1:], start=2)
        for head, document_id, typed in list(zip(heads, documents, line, strict=False))[1:]
        if typed.strip()
    ][:MOST_CELLS]


def _by_name(grid: Grid) -> dict[str, int | None]:
    """Code or name -> project id; None for a name that several projects bear."""
    found: dict[str, int | None] = {}
    for project in grid.projects:
        found[project.name] = None if project.name in found else project.id
    return found | {project.code: project.id for project in grid.projects}


def _pasted(
    grid: Grid,
    row: int,
    name: str,
    projects: Mapping[str, int | None],
    head: str,
    document_id: int | None,
    typed: str,
) -> Pasted:
    project_id = projects.get(name)
    if project_id is None:
        words = "有几个项目叫这个名称，请改用编码" if name in projects else "表里没有这个编码或名称"
        return Pasted(row, name, head, typed, problem=f"{words}，请核对")
    if document_id is None:
        return Pasted(row, name, head, typed, problem="第一行的这个文号不在表里，请核对")
    key = (project_id, document_id)
    cell = _cell(key, typed, grid.own.get(key, 0))
    return Pasted(row, name, head, typed, cell, cell.problem)


def _cell(key: Key, typed: str, was: int) -> Cell:
    if not typed.strip():
        return Cell(key, typed, was)
    try:
        return Cell(key, typed, was, parse_wan(typed))
    except MoneyError as error:
        return Cell(key, typed, was, problem=str(error))
