"""绩效自评得分明细表 as .xlsx (F7), the same bytes for the same card."""

import io
from datetime import datetime, time
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.library.queries import book
from portal.performance.models import Assessment
from portal.rules.scoring.scheme import Indicator
from portal.rules.scoring.scorecard import Line, Scorecard
from portal.spreadsheets.cells import clean_text
from portal.spreadsheets.writing import A4, BODY, HEADING, OPTIONS, TITLE

HEADER = (
    "序号",
    "指标",
    "指标分值",
    "评价及考核内容和赋分规则",
    "佐证材料",
    "得分",
)  # F7, S2's own words
WIDTHS = (6, 22, 10, 52, 34, 10)
FONT = {"font_name": "宋体", "font_size": 11}
NUMERALS = "一二三四五六七八九十"


class Styles(NamedTuple):
    """How the cells of the sheet look."""

    title: Format
    note: Format
    heading: Format
    group: Format
    text: Format
    number: Format
    total: Format


def sheet_name(assessment: Assessment) -> str:
    """The name of the file."""
    return f"{assessment.year}年度绩效自评得分明细表.xlsx"


def sheet_bytes(assessment: Assessment, card: Scorecard) -> bytes:
    """The score sheet; the only instant in the file is the day of the figures, so bytes repeat."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {**OPTIONS, "constant_memory": False}) as workbook:
        workbook.set_properties({"created": datetime.combine(assessment.counted_on, time())})
        sheet, styles = workbook.add_worksheet("得分明细表"), _styles(workbook)
        _write_head(sheet, styles, assessment)
        row = _write_lines(sheet, styles, assessment, card)
        _write_sums(sheet, styles, row, card)
    return target.getvalue()


def _styles(workbook: xlsxwriter.Workbook) -> Styles:
    body = {**BODY, **FONT}
    number = {**body, "align": "right", "num_format": "0.00"}
    return Styles(
        title=workbook.add_format({**FONT, **TITLE}),
        note=workbook.add_format({**FONT, "align": "right"}),
        heading=workbook.add_format({**FONT, **HEADING}),
        group=workbook.add_format({**body, "bold": True}),
        text=workbook.add_format(body),
        number=workbook.add_format(number),
        total=workbook.add_format({**number, "bold": True}),
    )


def _write_head(sheet: Worksheet, styles: Styles, assessment: Assessment) -> None:
    last = len(HEADER) - 1
    sheet.set_row(0, 30)
    title = f"{assessment.year}年度{book().fund_name}绩效自评得分明细表"
    sheet.merge_range(0, 0, 0, last, title, styles.title)
    sheet.merge_range(1, 0, 1, last, f"数据截至 {assessment.counted_on}", styles.note)
    for position, (word, width) in enumerate(zip(HEADER, WIDTHS, strict=True)):
        sheet.set_column(position, position, width)
        sheet.write_string(2, position, word, styles.heading)
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(2)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _write_lines(sheet: Worksheet, styles: Styles, assessment: Assessment, card: Scorecard) -> int:
    """Write each group with its sum, and below it its lines; return the next row."""
    indicators = {indicator.no: indicator for indicator in card.scheme.indicators}
    row = 3
    groups = groupby(card.lines, key=attrgetter("group"))
    for numeral, (group, found) in zip(NUMERALS, groups, strict=False):
        lines = list(found)
        sheet.write_string(row, 0, numeral, styles.group)
        sheet.write_string(row, 1, group, styles.group)
        for column in (2, 3, 4):
            sheet.write_blank(row, column, None, styles.group)
        sheet.write_number(row, 5, sum(line.points for line in lines), styles.total)
        for row, line in enumerate(lines, start=row + 1):  # noqa: B020 - goes on below the group
            _write_line(sheet, styles, row, line, indicators[line.no], _papers(assessment, line))
        row += 1
    return row


def _write_line(
    sheet: Worksheet, styles: Styles, row: int, line: Line, indicator: Indicator, papers: str
) -> None:
    sheet.write_string(row, 0, line.no, styles.text)
    sheet.write_string(row, 1, clean_text(line.title), styles.text)
    _write_points(sheet, styles, row, 2, line.full)
    sheet.write_string(row, 3, clean_text(indicator.rule), styles.text)
    sheet.write_string(row, 4, clean_text(papers or "\n".join(indicator.evidence)), styles.text)
    if line.applies:
        _write_points(sheet, styles, row, 5, line.points)
    else:
        sheet.write_string(row, 5, "不适用", styles.text)


def _write_points(
    sheet: Worksheet, styles: Styles, row: int, column: int, points: Decimal | None
) -> None:
    if points is None:
        sheet.write_string(row, column, "未公布", styles.text)
    else:
        sheet.write_number(row, column, points, styles.number)


def _write_sums(sheet: Worksheet, styles: Styles, row: int, card: Scorecard) -> None:
    for position, (word, points) in enumerate(
        (("合计", card.total), ("折合后得分", card.normalized)), start=row
    ):
        sheet.merge_range(position, 0, position, 4, word, styles.group)
        _write_points(sheet, styles, position, 5, points)


def _papers(assessment: Assessment, line: Line) -> str:
    """The papers that were handed in for a line, one below the other."""
    kept = [
        one.title for one in assessment.evidence if one.no == line.no and one.removed_on is None
    ]
    return "\n".join(kept)
