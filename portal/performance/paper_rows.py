"""The table of an official paper: rows of cells that span their neighbours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.documents.grids import Cell, Merged

Row = list[Cell]
Part = tuple[str, int]  # a text and how many columns it takes


@dataclass(frozen=True)
class Paper:
    """A table of merged cells; ``widths`` are shares, ``left`` the columns whose text begins at the left."""

    title: str
    note: str
    widths: tuple[int, ...]
    left: frozenset[int]
    rows: tuple[Row, ...]
    landscape: bool

    def cells(self) -> Iterator[list[tuple[str, int, int, int]]]:
        """Each row's cells as text, column, and how many columns and rows they take."""
        for at, row in enumerate(self.rows):
            yield [
                (text, column, self._across(at, column), self._down(at, column))
                for column, text in enumerate(row)
                if not isinstance(text, Merged)
            ]

    def _across(self, at: int, column: int) -> int:
        following = self.rows[at][column + 1 :]
        return 1 + next(
            (n for n, cell in enumerate(following) if cell is not Merged.LEFT), len(following)
        )

    def _down(self, at: int, column: int) -> int:
        below = [row[column] for row in self.rows[at + 1 :]]
        return 1 + next((n for n, cell in enumerate(below) if cell is not Merged.UP), len(below))


def row(*parts: Part) -> Row:
    """A row of texts, each over some columns."""
    cells: Row = []
    for text, columns in parts:
        cells += [text, *[Merged.LEFT] * (columns - 1)]
    return cells


def below(label: str, rows: Sequence[Row], columns: int) -> list[Row]:
    """The rows with a label of some columns before all of them."""
    beside = [Merged.LEFT] * (columns - 1)
    labels: Row = [label, *[Merged.UP] * (len(rows) - 1)]
    return [[first, *beside, *cells] for first, cells in zip(labels, rows, strict=True)]
