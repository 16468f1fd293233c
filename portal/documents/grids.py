"""Tables of a paper: a caption, a heading that repeats, cells that may span their neighbours."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from docx.document import Document
from docx.oxml.table import CT_Row, CT_Tc
from docx.shared import Length
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from portal.documents import parts
from portal.documents.layout import (
    BODY_FONT,
    HEADING_FONTS,
    LATIN_FONT,
    LINE,
    TABLE_GAP,
    TABLE_LINE,
    TABLE_SIZE,
    Align,
)


class Merged(Enum):
    """A cell that belongs to its neighbour."""

    UP = "up"
    LEFT = "left"


Cell = str | Merged


@dataclass(frozen=True)
class Grid:
    """``widths`` are shares of the width, ``align`` says how each column's cells stand.

    ``leading`` are the rows, counted from 0, that no page break parts from the row below.
    """

    header: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int]
    align: Sequence[Align]
    caption: str
    leading: Collection[int] = ()


@dataclass(frozen=True)
class Drawn:
    """What a grid added to the end of a document, from top to bottom."""

    caption: Paragraph
    table: Table
    gap: Paragraph


def draw(document: Document, grid: Grid, width: Length) -> Drawn:
    """Add a bordered table below its caption at the end of a document.

    Raises:
        ValueError: a row has more or fewer cells than the heading.
    """
    caption = _paragraph(document.add_paragraph(), grid.caption, Align.CENTER, HEADING_FONTS[1])
    caption.paragraph_format.line_spacing = LINE
    caption.paragraph_format.keep_with_next = True
    table = document.add_table(0, len(grid.header))
    parts.borders(table)
    parts.columns(table, [Length(width * share // sum(grid.widths)) for share in grid.widths])
    centred = [Align.CENTER] * len(grid.header)
    _fill(table.add_row().cells, grid.header, centred, HEADING_FONTS[1])
    parts.repeats(table.rows[0])
    for cells in grid.rows:
        _fill(table.add_row().cells, cells, grid.align, BODY_FONT)
    rows = list(table.rows)
    for row in rows:
        parts.stays_whole(row)
    _merge([row._tr for row in rows], [grid.header, *grid.rows])  # noqa: SLF001
    for at in grid.leading:
        for cell in rows[at + 1].cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    gap = document.add_paragraph()
    gap.paragraph_format.line_spacing = TABLE_GAP
    return Drawn(caption, table, gap)


def _fill(cells: Sequence[_Cell], texts: Sequence[Cell], align: Sequence[Align], font: str) -> None:
    for cell, text, stands in zip(cells, texts, align, strict=True):
        cell.vertical_alignment = parts.MIDDLE
        lines = ("",) if isinstance(text, Merged) else text.split("\n")
        _paragraph(cell.paragraphs[0], lines[0], stands, font)
        for line in lines[1:]:
            _paragraph(cell.add_paragraph(), line, stands, font)


def _paragraph(paragraph: Paragraph, text: str, stands: Align, font: str) -> Paragraph:
    paragraph.alignment = stands
    paragraph.paragraph_format.line_spacing = TABLE_LINE
    parts.face(paragraph.add_run(parts.clean(text)), font, TABLE_SIZE, LATIN_FONT)
    return paragraph


def _merge(rows: Sequence[CT_Row], texts: Sequence[Sequence[Cell]]) -> None:
    """Write the spans: ``w:vMerge`` downwards first, then ``w:gridSpan`` takes cells out of their rows."""
    columns = [[row.tc_lst[at] for row in rows] for at in range(len(texts[0]))] if texts else []
    for at, cells in enumerate(columns):
        for first, others in _runs(cells, [row[at] is Merged.UP for row in texts]):
            first.vMerge = "restart"
            for cell in others:
                cell.vMerge = "continue"
    for row, cells_of_row in zip(rows, texts, strict=True):
        spans = _runs(list(row.tc_lst), [cell is Merged.LEFT for cell in cells_of_row])
        for first, others in list(spans):
            _widen(row, first, others)


def _runs(cells: Sequence[CT_Tc], follows: Sequence[bool]) -> Iterator[tuple[CT_Tc, list[CT_Tc]]]:
    """Each cell with those behind it that belong to it."""
    first, others = None, list[CT_Tc]()
    for cell, belongs in zip(cells, follows, strict=True):
        if belongs and first is not None:
            others.append(cell)
            continue
        if first is not None and others:
            yield first, others
        first, others = cell, []
    if first is not None and others:
        yield first, others


def _widen(row: CT_Row, first: CT_Tc, others: Sequence[CT_Tc]) -> None:
    width = (first.width or 0) + sum(cell.width or 0 for cell in others)
    for cell in others:
        row.remove(cell)
    first.grid_span = len(others) + 1
    first.width = Length(width)
