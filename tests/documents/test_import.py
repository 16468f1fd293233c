"""UX 导入: the heading is found, every fault has its cell, and refusals name the remedy."""

import re
from collections.abc import Callable
from datetime import date

import openpyxl
import psutil
import pytest

from portal.intake import FileRefused
from portal.spreadsheets.checking import MAX_ERRORS, check_file, check_pasted
from tests.corpus import archives, workbooks
from tests.documents.plan import PLAN, ROW, TITLES, VISITS


def check(*rows: list[object]):
    return check_file(PLAN, workbooks.xlsx(rows), "计划.xlsx")


def test_a_plain_table_is_read() -> None:
    checked = check(TITLES, ROW)
    assert not checked.errors
    assert not checked.warnings
    assert checked.rows[0].number == 2
    assert checked.rows[0].values == {
        "serial": 1,
        "township": "红星镇",
        "name": "冷库",
        "category": "industry",
        "planned": 12_500_000,
        "central": 10_000_000,
        "province": 2_500_000,
        "starts_on": date(2023, 3, 24),
        "remark": None,
    }


def test_every_fault_is_named_by_row_and_column() -> None:
    bad = [1.5, "", "长" * 61, "旅游", "十二万", -1, "", "2023-02-30", ""]
    checked = check(["2023年计划"], ["单位：万元"], TITLES, ROW, bad)
    assert [(error.row, error.letter) for error in checked.errors] == [
        (5, letter) for letter in "ABCDEFH"
    ]
    assert str(checked.errors[1]) == "第 5 行 B 列“乡镇”：必填，请填写"
    assert checked.errors[4].value == "十二万"
    assert len(checked.rows) == 2


def test_columns_may_stand_in_any_order_and_unknown_ones_are_named() -> None:
    titles = ["联系电话", *reversed(TITLES)]
    checked = check(titles, ["13800000000", *reversed(ROW)])
    assert not checked.errors
    assert checked.rows[0].values["planned"] == 12_500_000
    assert checked.warnings == ["A 列“联系电话”不在模板里，已忽略"]


def test_titles_are_recognised_with_units_spaces_stars_and_other_names() -> None:
    titles = ["*乡 镇", "项目\n名称", "项目类型", "计划投入资金(万元)"]
    checked = check(titles, ["红星镇", "冷库", "产业发展", 1])
    assert set(checked.rows[0].values) == {"township", "name", "category", "planned"}


def test_a_heading_of_two_levels_is_understood() -> None:
    book = openpyxl.Workbook()
    upper = ["乡镇", "项目名称", "计划投入资金", "资金来源", None, "备注"]
    book.active.append(["2023年项目计划安排表"])
    book.active.append(upper)
    book.active.append([None, None, None, "中央衔接资金", "省级衔接资金", None])
    book.active.append(["红星镇", "冷库", 3, 1, 2, "好"])
    for area in ("A1:F1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3"):
        book.active.merge_cells(area)
    checked = check_file(PLAN, workbooks.saved(book), "计划.xlsx")
    assert not checked.errors
    assert not checked.warnings
    assert (checked.heading.last_row, len(checked.rows)) == (3, 1)
    assert checked.rows[0].values["province"] == 2_000_000
    assert checked.rows[0].values["remark"] == "好"


def test_a_missing_required_column_is_named() -> None:
    with pytest.raises(FileRefused, match="表头缺少“乡镇”“计划投入资金”"):
        check(["项目名称", "备注", "项目类型"], ["冷库", "", ""])


def test_a_column_that_stands_twice_is_named() -> None:
    with pytest.raises(FileRefused, match="“乡镇”出现了两次（B 列和 J 列）"):
        check([*TITLES, "乡镇"], ROW)


def test_amounts_in_another_unit_are_not_read_as_ten_thousands() -> None:
    titles = [f"{title}（元）" if title == "计划投入资金" else title for title in TITLES]
    with pytest.raises(FileRefused, match="单位是元，这里按万元填写"):
        check(titles, ROW)
    with pytest.raises(FileRefused, match="单位是元，这里按万元填写"):
        check(["项目表", "单位：元"], TITLES, ROW)


def test_totals_and_empty_rows_are_no_projects() -> None:
    checked = check(TITLES, ROW, [None], ["合 计", None, None, None, 12.5])
    assert len(checked.rows) == 1
    assert checked.warnings == ["第 4 行是合计行，没有读取"]


def test_a_zero_alone_makes_a_row() -> None:
    assert [error.row for error in check(TITLES, [0]).errors] == [2, 2, 2]


def test_merged_cells_among_the_data_are_not_guessed() -> None:
    book = openpyxl.Workbook()
    for row in (TITLES, ROW, [2, None, "水渠", None, 1]):
        book.active.append(row)
    book.active.merge_cells("B2:B3")
    checked = check_file(PLAN, workbooks.saved(book), "计划.xlsx")
    assert [(error.row, error.letter) for error in checked.errors] == [(2, "B"), (3, "B")]
    assert "B2:B3 是合并单元格" in checked.errors[0].message


def test_hidden_sheets_are_left_alone_and_other_ones_named() -> None:
    book = openpyxl.Workbook()
    hidden, help_sheet, data, other = book.active, *map(book.create_sheet, ("说明", "数据", "附表"))
    hidden.title, hidden.sheet_state = "隐藏", "veryHidden"
    hidden.append(TITLES)
    help_sheet.append(["请逐行填写"])
    for row in (TITLES, ROW):
        data.append(row)
    other.append(["x"])
    checked = check_file(PLAN, workbooks.saved(book), "计划.xlsx")
    assert checked.name == "数据"
    assert checked.warnings == ["工作表“附表”没有读取"]


def test_a_table_may_begin_anywhere() -> None:
    book = openpyxl.Workbook()
    for offset, row in enumerate((TITLES, ROW)):
        for position, value in enumerate(row):
            book.active.cell(7 + offset, 4 + position, value)
    checked = check_file(PLAN, workbooks.saved(book), "计划.xlsx")
    assert not checked.errors
    assert checked.rows[0].number == 8
    assert checked.heading.positions["township"] == 4


def test_five_hundred_faults_are_enough() -> None:
    checked = check(TITLES, *[["x"] * 9] * 300)
    assert len(checked.errors) == MAX_ERRORS
    assert any("前 500 处" in warning for warning in checked.warnings)


def test_later_checks_add_their_faults_at_the_cell() -> None:
    checked = check(TITLES, ROW)
    checked.add_error(2, "name", "库里已有这个项目", "冷库")
    assert str(checked.errors[0]) == "第 2 行 C 列“项目名称”：库里已有这个项目"


def test_dates_of_both_calendars_of_excel_are_read() -> None:
    rows = [
        ["乡镇", "项目名称", "计划投入资金", "开工日期"],
        ["红星镇", "冷库", 1, date(2023, 3, 24)],
    ]
    assert check(*rows).rows[0].values["starts_on"] == date(2023, 3, 24)
    epoch_1904 = workbooks.dated_1904((date(2023, 3, 24) - date(1904, 1, 1)).days)
    lines = check_file(VISITS, epoch_1904, "表.xlsx")
    assert lines.rows[0].values["day"] == date(2023, 3, 24)


def test_pasted_cells_are_read_like_a_file() -> None:
    pasted = "\t".join(TITLES) + '\r\n1\t红星镇\t"冷\n库"\t产业发展\t１２．５\t\t\t2023/3/24\t'
    checked = check_pasted(PLAN, pasted)
    assert not checked.errors
    assert checked.rows[0].values["name"] == "冷\n库"
    assert checked.rows[0].values["planned"] == 12_500_000


REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "0 bytes": ("表.xlsx", lambda: b"", "空文件"),
    "empty workbook": ("表.xlsx", lambda: workbooks.xlsx([]), "没有找到表头"),
    "no heading": ("表.xlsx", lambda: workbooks.xlsx([["甲", "乙"]]), "没有找到表头"),
    "no rows": ("表.xlsx", lambda: workbooks.xlsx([TITLES]), "没有数据"),
    "html renamed": ("表.xlsx", lambda: b"<html><table></table></html>", "网页"),
    "xls": ("表.xls", workbooks.old_xls, "旧版 Excel"),
    "xls renamed": ("表.xlsx", workbooks.old_xls, "旧版 Excel"),
    "password": ("表.xlsx", workbooks.password_protected, "打开密码"),
    "xlsm": ("表.xlsm", lambda: archives.with_vba(workbooks.xlsx([TITLES])), "宏"),
    "docx": ("表.xlsx", archives.docx, "不是 Excel"),
    "csv renamed": ("表.xlsx", "乡镇,项目".encode, "扩展名不符"),
    "xlsx renamed": ("表.csv", lambda: workbooks.xlsx([TITLES]), "扩展名不符"),
    "pdf": ("表.pdf", lambda: b"%PDF-1.5 x", "只能导入"),
    "broken xml": ("表.xlsx", lambda: workbooks.handmade("<sheetData><row"), "请"),
    "uncomputed formula": ("表.xlsx", lambda: workbooks.xlsx([TITLES, [1, "=A1"]]), "B2 的公式"),
    "error value": (
        "表.xlsx",
        lambda: workbooks.handmade(workbooks.one_cell("C7", "<v>#N/A</v>", ' t="e"')),
        "C7 是错误值 #N/A",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_d6_files_that_are_no_table_are_refused_with_advice(case: str) -> None:
    name, build, reason = REFUSED[case]
    with pytest.raises(FileRefused, match=reason) as refused:
        check_file(PLAN, build(), name)
    assert "请" in str(refused.value)
    assert not re.search(r"Traceback|Error|calamine", str(refused.value))


def test_no_child_process_is_left_behind() -> None:
    before = set(psutil.Process().children())
    with pytest.raises(FileRefused):
        check(["甲", "乙"])
    check(TITLES, ROW)
    assert set(psutil.Process().children()) == before
