"""The visible sheets of an .xlsx, cell by cell. Runs in the child process only."""

import io
from collections.abc import Iterator

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from portal.intake import DAMAGED, FileRefused
from portal.spreadsheets.cells import Cell, clean
from portal.spreadsheets.sheets import Merge, RawSheet

NO_SHEET = "文件里没有可见的工作表，请取消隐藏后再导入"
MAX_MERGES = 5_000
TOO_MANY_MERGES = f"合并单元格超过 {MAX_MERGES} 处，请取消合并、每行分别填写后再导入"


def workbook_sheets(content: bytes) -> Iterator[RawSheet]:
    """Yield each visible sheet; formulas show the value Excel last computed.

    Raises:
        FileRefused: when the file is damaged or holds no sheet.
    """
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [sheet.name for sheet in workbook.sheets_metadata if _is_visible(sheet)]
        if not names:
            raise FileRefused(NO_SHEET)
        for name in names:
            sheet = workbook.get_sheet_by_name(name)
            yield RawSheet(name, _merges(sheet), _rows(sheet))
    except CalamineError as error:
        raise FileRefused(DAMAGED) from error


def _is_visible(sheet: SheetMetadata) -> bool:
    return sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible


def _merges(sheet: CalamineSheet) -> list[Merge]:
    merges = sheet.merged_cell_ranges or []
    if len(merges) > MAX_MERGES:
        raise FileRefused(TOO_MANY_MERGES)
    return [(*first, *last) for first, last in merges]


def _rows(sheet: CalamineSheet) -> Iterator[list[Cell]]:
    """Yield rows from row 1; the parser begins at row 1 too, but at the first column that is used."""
    left: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():
        yield left + list(map(clean, row))
