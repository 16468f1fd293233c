"""A form as a file in the layout of its official table: Word and Excel."""

import io
from typing import Any

import xlsxwriter

from portal.documents.official import Align, OfficialDocument
from portal.performance.paper_rows import Paper
from portal.spreadsheets.cells import clean_text
from portal.spreadsheets.writing import A4, OPTIONS, TITLE

WIDTH_PORTRAIT, WIDTH_LANDSCAPE = 88, 130
LINE_HEIGHT = 18
CELL = {"border": 1, "valign": "vcenter", "text_wrap": True, "font_name": "宋体", "font_size": 11}


def paper_docx(paper: Paper) -> bytes:
    """The table as a Word file in the official layout."""
    header, *rows = paper.rows
    align = [
        Align.LEFT if column in paper.left else Align.CENTER for column in range(len(paper.widths))
    ]
    document = OfficialDocument(paper.title, landscape=paper.landscape).title(paper.title)
    document.table(header, rows, widths=paper.widths, align=align, caption=paper.note)
    return document.bytes()


def paper_xlsx(paper: Paper) -> bytes:
    """The table on one sheet, one page wide."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {**OPTIONS, "constant_memory": False}) as workbook:
        sheet = workbook.add_worksheet("绩效表")
        styles = {
            stands: workbook.add_format({**CELL, "align": stands}) for stands in ("center", "left")
        }
        shares, wide = paper.widths, WIDTH_LANDSCAPE if paper.landscape else WIDTH_PORTRAIT
        for column, share in enumerate(shares):
            sheet.set_column(column, column, wide * share / sum(shares))
        last = len(shares) - 1
        sheet.merge_range(0, 0, 0, last, paper.title, workbook.add_format(TITLE))
        sheet.set_row(0, 32)
        right = workbook.add_format({"align": "right", "font_name": "宋体"})
        sheet.merge_range(1, 0, 1, last, paper.note, right)
        _write_cells(sheet, paper, styles, wide)
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        if paper.landscape:
            sheet.set_landscape()
    return target.getvalue()


def _write_cells(sheet: Any, paper: Paper, styles: dict[str, Any], wide: int) -> None:  # noqa: ANN401
    for row, cells in enumerate(paper.cells(), start=2):
        height = 1
        for text, column, across, down in cells:
            style = styles["left" if column in paper.left else "center"]
            clean = clean_text(text)
            if (across, down) == (1, 1):
                sheet.write_string(row, column, clean, style)
            else:
                end = (row + down - 1, column + across - 1)
                sheet.merge_range(row, column, *end, "", style)
                sheet.write_string(row, column, clean, style)
            room = wide * sum(paper.widths[column : column + across]) / sum(paper.widths)
            if down == 1:
                height = max(height, _lines(clean, room))
        sheet.set_row(row, LINE_HEIGHT * height + 4)


def _lines(text: str, room: float) -> int:
    """How many lines a text takes; a Chinese character is two of Excel's units wide."""
    return sum(1 + int(2 * len(line) // max(room - 2, 4)) for line in text.splitlines()) or 1
