"""How large a sheet may be, and its form on the way from the parser to the checks."""

from collections.abc import Iterator
from typing import NamedTuple

from portal.spreadsheets.cells import Cell

MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_CELLS = 1_000_000
HEADING_ROWS = 30  # lines above the first data row that do not count against MAX_ROWS
MAX_TEXT = 32_767  # characters in one cell, the limit of Excel

Merge = tuple[int, int, int, int]  # first row, first column, last row, last column, from 0


class RawSheet(NamedTuple):
    """A sheet in the child process; rows begin at row 1 and column A."""

    name: str
    merges: list[Merge]
    rows: Iterator[list[Cell]]


class Batch(NamedTuple):
    """Some rows of a sheet; ``first_row`` is numbered as Excel shows it, from 1."""

    sheet: str
    first_row: int
    rows: list[list[Cell]]
    merges: list[Merge]
