"""Tables out: the export and the template as .xlsx, and the export as CSV."""

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.spreadsheets.cells import RUNS_IN_EXCEL, clean_text, plain_number
from portal.spreadsheets.columns import Column, Table
from portal.spreadsheets.sheets import MAX_ROWS, MAX_TEXT

Record = Mapping[
    str, object
]  # a row's values by column key; a missing key or None is an empty cell
Writer = Callable[[int, object], None]  # writes a value of one column into a row
Writers = list[tuple[str, Writer]]  # with the column's key

# Text stays text: nothing a person typed becomes a formula, a link or a number in a reader's Excel.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
FORBIDDEN_IN_SHEET_NAME = str.maketrans("", "", "[]:*?/\\'")
LONGEST_SHEET_NAME = 31
LONGEST_CHOICES = 255
LANDSCAPE_FROM = 7
A4 = 9

TITLE = {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}
HEADING = {
    "bold": True,
    "align": "center",
    "valign": "vcenter",
    "text_wrap": True,
    "border": 1,
    "bg_color": "#E8EEF7",
}
BODY = {"border": 1, "valign": "vcenter", "text_wrap": True}


def write_xlsx(table: Table, records: Iterable[Record], target: BinaryIO) -> int:
    """Write title, note, heading and one row per record; return the number of records.

    Raises:
        ValueError: naming row and column, when a text is longer than a cell of Excel holds.
    """
    return write_workbook([(table, records)], target)


def write_workbook(tables: Iterable[tuple[Table, Iterable[Record]]], target: BinaryIO) -> int:
    """Write each table with its records on a sheet of its own; return the number of all records.

    Raises:
        ValueError: as :func:`write_xlsx`.
    """
    written = 0
    with xlsxwriter.Workbook(target, OPTIONS) as workbook:
        for table, records in tables:
            sheet = workbook.add_worksheet(_sheet_name(table.title))
            first = _write_heading(workbook, sheet, table)
            written += _write_records(_writers(workbook, sheet, table), records, first)
    return written


def write_template(table: Table, target: BinaryIO) -> None:
    """Write an empty table to be filled in: lists to choose from, hints, text cells that stay text."""
    with xlsxwriter.Workbook(target, OPTIONS) as workbook:
        sheet = workbook.add_worksheet(_sheet_name(table.title))
        first = _write_heading(workbook, sheet, table)
        for position, column in enumerate(table.columns):
            style = workbook.add_format({"num_format": column.kind.number_format})
            sheet.set_column(position, position, column.width, style)
            rule = _entry_rule(column)
            if rule:
                sheet.data_validation(first, position, MAX_ROWS, position, rule)


def write_csv(table: Table, records: Iterable[Record], target: BinaryIO) -> None:
    """Write heading and records in UTF-8 with byte order mark, as RFC 4180 says.

    Text that Excel would run as a formula gets an apostrophe in front; the import takes it off again.
    """
    writer = csv.writer(codecs.getwriter("utf-8-sig")(target))
    writer.writerow([column.full_title for column in table.columns])
    for record in records:
        writer.writerow([_csv_cell(column, record) for column in table.columns])


def _write_heading(workbook: xlsxwriter.Workbook, sheet: Worksheet, table: Table) -> int:
    """Write everything above the records and set up the page; return the first row of the records."""
    last = len(table.columns) - 1
    heading = workbook.add_format(HEADING)
    row = _write_title(workbook, sheet, table)
    top = row
    if table.has_groups:
        _write_groups(sheet, table, row, heading)
        row += 1
    for position, column in enumerate(table.columns):
        sheet.set_column(position, position, column.width)
        shown = column.title if column.group or not table.has_groups else ""
        sheet.write_string(row, position, shown, heading)
    sheet.freeze_panes(row + 1, 0)
    sheet.repeat_rows(top, row)
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    if last >= LANDSCAPE_FROM:
        sheet.set_landscape()
    return row + 1


def _write_title(workbook: xlsxwriter.Workbook, sheet: Worksheet, table: Table) -> int:
    title, note = workbook.add_format(TITLE), workbook.add_format({"align": "right"})
    last = len(table.columns) - 1
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, table.title, title)
    if last:
        sheet.merge.append([0, 0, 0, last])
    if not table.note:
        return 1
    sheet.write_string(1, last, table.note, note)
    return 2


def _write_groups(sheet: Worksheet, table: Table, row: int, style: Format) -> None:
    """Write the upper row of a two-level heading: group titles over their columns, others two rows high.

    Merges are entered directly: `merge_range` would write into rows that constant_memory has already
    sent to the file.
    """
    position = 0
    for group, columns in groupby(table.columns, key=attrgetter("group")):
        for column in columns:
            sheet.write_string(row, position, group or column.title, style)
            if not group:
                sheet.merge.append([row, position, row + 1, position])
            position += 1
    for first, last in _group_spans(table):
        sheet.merge.append([row, first, row, last])


def _group_spans(table: Table) -> Iterator[tuple[int, int]]:
    """Yield first and last position of each group of two or more columns."""
    numbered = enumerate(table.columns)
    for group, columns in groupby(numbered, key=lambda one: one[1].group):
        positions = [position for position, _ in columns]
        if group and len(positions) > 1:
            yield positions[0], positions[-1]


def _writers(workbook: xlsxwriter.Workbook, sheet: Worksheet, table: Table) -> Writers:
    return [
        (column.key, _writer(workbook, sheet, position, column))
        for position, column in enumerate(table.columns)
    ]


def _writer(
    workbook: xlsxwriter.Workbook, sheet: Worksheet, position: int, column: Column
) -> Writer:
    """Return the function that writes a value of this column into a row."""
    style = workbook.add_format({**BODY, "num_format": column.kind.number_format})
    show = column.kind.show

    def write(row: int, value: object) -> None:
        if value is None:
            sheet.write_blank(row, position, None, style)
            return
        shown = show(value)
        if isinstance(shown, str):
            sheet.write_string(row, position, _fitting(shown, row, column), style)
        elif isinstance(shown, date):
            sheet.write_datetime(row, position, shown, style)
        else:
            sheet.write_number(row, position, shown, style)

    return write


def _write_records(writers: Writers, records: Iterable[Record], first: int) -> int:
    row = first
    for row, record in enumerate(records, first + 1):
        for key, write in writers:
            write(row - 1, record.get(key))
    return row - first


def _fitting(text: str, row: int, column: Column) -> str:
    clean = clean_text(text)
    if len(clean) > MAX_TEXT:
        raise ValueError(
            f"第 {row + 1} 行“{column.title}”有 {len(clean)} 字，Excel 一格最多 {MAX_TEXT} 字"
        )
    return clean


def _entry_rule(column: Column) -> dict[str, Any]:
    """Describe what Excel offers and says when a cell of the template is entered; empty for nothing."""
    rule: dict[str, Any] = {}
    if column.kind.choices and len(",".join(column.kind.choices)) <= LONGEST_CHOICES:
        rule = {"validate": "list", "source": list(column.kind.choices)}
    if column.hint:
        rule = {"validate": "any", **rule, "input_message": column.hint[:LONGEST_CHOICES]}
    return rule


def _sheet_name(title: str) -> str:
    return title.translate(FORBIDDEN_IN_SHEET_NAME)[:LONGEST_SHEET_NAME] or "数据"


def _csv_cell(column: Column, record: Record) -> str:
    value = record.get(column.key)
    shown = "" if value is None else column.kind.show(value)
    if isinstance(shown, int | float):
        return plain_number(shown)
    clean = clean_text(str(shown))
    return f"'{clean}" if clean.startswith(RUNS_IN_EXCEL) else clean
