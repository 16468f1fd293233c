"""The column table: the one description from which template, import and export are made."""

from dataclasses import dataclass

from portal.spreadsheets.cells import Cell
from portal.spreadsheets.kinds import TEXT, Kind


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key in a row's values, the title in the heading, and what it may hold.

    ``group`` is the upper title of a two-level heading (资金来源); ``aliases`` are further titles that
    the import understands; ``hint`` is shown in the template when a cell is entered.
    """

    key: str
    title: str
    kind: Kind = TEXT
    required: bool = False
    width: int = 14
    group: str = ""
    aliases: tuple[str, ...] = ()
    hint: str = ""

    @property
    def full_title(self) -> str:
        """The title in one line, its group before it: 资金来源/中央衔接资金."""
        return f"{self.group}/{self.title}" if self.group else self.title

    def read(self, cell: Cell) -> object:
        """Return the value of a cell, None for an empty one.

        Raises:
            ValueError: with a sentence in Chinese, also for an empty cell of a required column.
        """
        if cell != "":
            return self.kind.parse(cell)
        if self.required:
            raise ValueError("必填，请填写")
        return None


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its title, its columns from left to right, and a note below the title (单位：万元)."""

    title: str
    columns: tuple[Column, ...]
    note: str = ""

    @property
    def has_groups(self) -> bool:
        """Whether the heading has two rows."""
        return any(column.group for column in self.columns)

    def column(self, key: str) -> Column:
        """Return the column of that key."""
        return next(column for column in self.columns if column.key == key)
