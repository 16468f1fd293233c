"""The check before an import: every cell judged, every fault named by row and column, nothing stored."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, groupby
from operator import attrgetter
from typing import Any

from portal.intake import FileRefused
from portal.spreadsheets.cells import Cell, column_letter, narrow, plain_number
from portal.spreadsheets.columns import Column, Table
from portal.spreadsheets.heading import Heading, find_heading
from portal.spreadsheets.reading import read_batches
from portal.spreadsheets.sheets import HEADING_ROWS, Batch, Merge

MAX_ERRORS = 500
SHOWN_VALUE = 60
REMEMBERED = 4_096
TOTALS = frozenset({"合计", "总计", "小计", "共计"})


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong with one cell: row and column as Excel names them, and the value as it was read."""

    row: int
    letter: str
    title: str
    message: str
    value: str

    def __str__(self) -> str:
        return f"第 {self.row} 行 {self.letter} 列“{self.title}”：{self.message}"


@dataclass(frozen=True, slots=True)
class Row:
    """One data row: its number in the file, and the values by column key.

    A column that the file does not have is not among the keys; an empty cell is None.
    """

    number: int
    values: dict[str, Any]


@dataclass(slots=True)
class CheckedSheet:
    """A table as it was read. It may be imported when ``errors`` is empty."""

    table: Table
    name: str
    heading: Heading
    rows: list[Row] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add_error(self, row: int, key: str, message: str, value: object = "") -> None:
        """Name a fault, also one that a later check found; beyond 500 they are only counted off."""
        if len(self.errors) == MAX_ERRORS:
            self.warnings.append(f"错误超过 {MAX_ERRORS} 处，只列出前 {MAX_ERRORS} 处")
        if len(self.errors) < MAX_ERRORS:
            position = self.heading.positions.get(key)
            letter = "" if position is None else column_letter(position)
            shown = str(value)[:SHOWN_VALUE]
            self.errors.append(CellError(row, letter, self.table.column(key).title, message, shown))


def check_file(table: Table, content: bytes, filename: str) -> CheckedSheet:
    """Read the first visible sheet that has the table's heading, and judge every cell of it.

    Raises:
        FileRefused: when the file cannot be read as such a table; plain Chinese, with the remedy.
    """
    sheets = groupby(read_batches(content, filename), key=attrgetter("sheet"))
    for name, batches in sheets:
        first = next(batches)
        heading = find_heading(table, first.rows[:HEADING_ROWS])
        if heading:
            checked = CheckedSheet(table, name, heading, warnings=list(heading.ignored))
            _judge(checked, chain([first], batches), first.merges)
            checked.warnings += [f"工作表“{other}”没有读取" for other, _ in sheets]
            return checked
    titles = "、".join(column.title for column in table.columns[:6])
    raise FileRefused(f"没有找到表头。表头一行应有：{titles} 等，请下载模板对照后再导入")


def check_pasted(table: Table, text: str) -> CheckedSheet:
    """Judge text pasted from Excel, heading included.

    Raises:
        FileRefused: as `check_file`.
    """
    return check_file(table, text.encode(errors="replace"), "粘贴.tsv")


class _Memory(dict[Cell, object]):
    """What a column's cells were read as: most columns hold few words, each is judged once."""

    def __init__(self, column: Column) -> None:
        self.column = column

    def __missing__(self, cell: Cell) -> object:
        value = self[cell] = self.column.read(cell)
        return value

    def values_of(self, cells: list[Cell]) -> list[object]:
        """Read many cells; forgets a column whose values hardly ever repeat."""
        if len(self) > REMEMBERED:
            self.clear()
        return list(map(self.__getitem__, cells))


def _judge(checked: CheckedSheet, batches: Iterator[Batch], merges: list[Merge]) -> None:
    memories = [
        (position, _Memory(checked.table.column(key)))
        for key, position in checked.heading.positions.items()
    ]
    keys = list(checked.heading.positions)
    for batch in batches:
        numbers, rows = _data_rows(checked, batch)
        values = (
            _column_values(checked, memory, numbers, _cells(rows, position))
            for position, memory in memories
        )
        for number, row in zip(numbers, zip(*values, strict=True), strict=True):
            checked.rows.append(Row(number, dict(zip(keys, row, strict=True))))
    if not checked.rows:
        raise FileRefused("表头下面没有数据，请填写后再导入")
    _name_merges(checked, merges)
    checked.errors.sort(key=lambda error: (error.row, len(error.letter), error.letter))


def _data_rows(checked: CheckedSheet, batch: Batch) -> tuple[list[int], list[list[Cell]]]:
    """Leave out the heading, empty rows, and rows of totals (with a warning)."""
    numbers, rows = [], []
    for number, row in enumerate(batch.rows, batch.first_row):
        if number <= checked.heading.last_row or not _is_filled(row):
            continue
        if _is_total(next(cell for cell in row if cell != "")):
            checked.warnings.append(f"第 {number} 行是合计行，没有读取")
            continue
        numbers.append(number)
        rows.append(row)
    return numbers, rows


def _is_total(first: Cell) -> bool:
    return isinstance(first, str) and "计" in first and narrow(first) in TOTALS


def _is_filled(row: list[Cell]) -> bool:
    return any(row) or any(cell != "" for cell in row)  # the first is quick, but takes 0 for empty


def _cells(rows: list[list[Cell]], position: int) -> list[Cell]:
    """Take one column; rows of a CSV may end early."""
    try:
        return [row[position] for row in rows]
    except IndexError:
        return [row[position] if position < len(row) else "" for row in rows]


def _column_values(
    checked: CheckedSheet, memory: _Memory, numbers: list[int], cells: list[Cell]
) -> list[object]:
    try:
        return memory.values_of(cells)
    except ValueError:
        numbered = zip(numbers, cells, strict=True)
        return [_value(checked, memory.column, number, cell) for number, cell in numbered]


def _value(checked: CheckedSheet, column: Column, number: int, cell: Cell) -> object:
    try:
        return column.read(cell)
    except ValueError as error:
        shown = cell if isinstance(cell, str) else plain_number(cell)
        checked.add_error(number, column.key, str(error), shown)
        return None


def _name_merges(checked: CheckedSheet, merges: list[Merge]) -> None:
    """A merged cell holds one value for several rows or columns: which one is meant is not ours to guess."""
    keys = {position: key for key, position in checked.heading.positions.items()}
    numbers = {row.number for row in checked.rows}
    for top, left, bottom, right in merges:
        key = keys.get(left)
        if key and top + 1 in numbers:
            place = f"{column_letter(left)}{top + 1}:{column_letter(right)}{bottom + 1}"
            checked.add_error(top + 1, key, f"{place} 是合并单元格，请取消合并，每行分别填写")
