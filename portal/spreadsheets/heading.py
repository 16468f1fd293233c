"""Finding the heading of a table: wherever it stands, in whatever order its columns are."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from portal.intake import FileRefused
from portal.spreadsheets.cells import Cell, column_letter, narrow
from portal.spreadsheets.columns import Column, Table

UNITS = ("元", "百元", "千元", "万元", "亿元")
UNIT_ENDING = re.compile(rf"(.+)\(({'|'.join(UNITS)})\)")
UNIT_LINE = re.compile(rf"单位[:：]?({'|'.join(UNITS)})")
# A title line that merely mentions one column must not pass for the heading.
FEWEST = 2

Titles = list[tuple[str, str]]  # (upper title, title) of each position


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the heading ends (row as Excel numbers it), and at which position each column stands."""

    last_row: int
    positions: dict[str, int]
    ignored: tuple[str, ...]


def find_heading(table: Table, rows: Sequence[list[Cell]]) -> Heading | None:
    """Find the rows that carry the most titles of ``table``; None when none carries enough.

    Raises:
        FileRefused: when a required column is missing, a column stands twice, or amounts are in another
            unit than the table's.
    """
    known = _known_titles(table)
    candidates = list(_candidates(rows))
    if not candidates:
        return None
    last_row, titles = max(candidates, key=lambda one: len(_matches(known, one[1])))
    matches = _matches(known, titles)
    if len({column.key for column in matches.values()}) < min(FEWEST, len(table.columns)):
        return None
    _refuse_other_unit(known, titles, rows[: last_row - 1])
    _refuse_missing(table, matches)
    return Heading(last_row, _positions(matches), tuple(_ignored(titles, matches)))


def _candidates(rows: Sequence[list[Cell]]) -> Iterator[tuple[int, Titles]]:
    """Yield the readings of the first rows: each as a heading of its own, then each pair as one."""
    for number, row in enumerate(rows, 1):
        yield number, [("", _title(cell)) for cell in row]
    for number, (upper, lower) in enumerate(pairwise(rows), 2):
        yield number, _two_levels(upper, lower)


def _two_levels(upper: list[Cell], lower: list[Cell]) -> Titles:
    titles: Titles = []
    group = ""
    for above, below in zip(upper, lower, strict=False):
        group = _title(above) or group
        titles.append((group, _title(below)) if below != "" else ("", _title(above)))
    return titles


def _title(cell: Cell) -> str:
    """Reduce a title to what counts: half-width, no spaces, no mark of being required."""
    return narrow(cell).strip("*").casefold()


def _known_titles(table: Table) -> dict[str, Column]:
    known: dict[str, Column] = {}
    repeated: set[str] = set()
    for column in table.columns:
        for name in map(_title, (column.title, *column.aliases)):
            if name in known:
                repeated.add(name)
            known[name] = known[f"{_title(column.group)}/{name}"] = column
            if column.kind.unit:
                known[f"{name}({column.kind.unit})"] = column
    return {name: column for name, column in known.items() if name not in repeated}


def _match(known: dict[str, Column], group: str, title: str) -> Column | None:
    return known.get(f"{group}/{title}") or known.get(title)


def _matches(known: dict[str, Column], titles: Titles) -> dict[int, Column]:
    found = ((position, _match(known, *title)) for position, title in enumerate(titles))
    return {position: column for position, column in found if column}


def _positions(matches: dict[int, Column]) -> dict[str, int]:
    positions: dict[str, int] = {}
    for position, column in matches.items():
        if column.key in positions:
            first, second = column_letter(positions[column.key]), column_letter(position)
            raise FileRefused(f"“{column.title}”出现了两次（{first} 列和 {second} 列），请删去一列")
        positions[column.key] = position
    return positions


def _refuse_missing(table: Table, matches: dict[int, Column]) -> None:
    present = {column.key for column in matches.values()}
    missing = [one.title for one in table.columns if one.required and one.key not in present]
    if missing:
        raise FileRefused(f"表头缺少“{'”“'.join(missing)}”。请补上这些列，或下载模板填写后再导入")


def _refuse_other_unit(
    known: dict[str, Column], titles: Titles, above: Sequence[list[Cell]]
) -> None:
    for _, title in titles:
        match = UNIT_ENDING.fullmatch(title)
        column = known.get(match[1]) if match else None
        if match and column and column.kind.unit not in ("", match[2]):
            raise FileRefused(_other_unit(column.title, match[2], column.kind.unit))
    units = {column.kind.unit for column in known.values() if column.kind.unit}
    for cell in (cell for row in above for cell in row if isinstance(cell, str)):
        match = UNIT_LINE.search(narrow(cell))
        if match and len(units) == 1 and match[1] not in units:
            raise FileRefused(_other_unit("表格上方", match[1], units.pop()))


def _other_unit(place: str, found: str, expected: str) -> str:
    return f"“{place}”写的单位是{found}，这里按{expected}填写。请换算成{expected}并改好单位后再导入"


def _ignored(titles: Titles, matches: dict[int, Column]) -> Iterator[str]:
    for position, (_, title) in enumerate(titles):
        if title and position not in matches:
            yield f"{column_letter(position)} 列“{title}”不在模板里，已忽略"
