"""SECURITY D6, E9, R24: files made to exhaust a reader are refused, in bounded memory."""

import tracemalloc
from collections.abc import Callable

import pytest

from portal.intake import FileRefused
from portal.spreadsheets import child, reading
from portal.spreadsheets.checking import check_file
from portal.spreadsheets.precheck import check_workbook
from tests.corpus import workbooks
from tests.documents.plan import PLAN

MEGABYTE = 1024 * 1024
BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "cell of 300 MB": (lambda: workbooks.huge_cell("A" * 300_000_000), "100 MB"),
    "cell of 50 MB": (lambda: workbooks.huge_cell("A" * 50_000_000), "大量重复内容"),
    "cell of 3 million characters": (
        lambda: workbooks.huge_cell(workbooks.varied(3_000_000)),
        "32767 字",
    ),
    "3 million strings": (lambda: workbooks.many_strings(3_000_000), "100 万个单元格"),
    "cell at XFD1048576": (lambda: workbooks.far_cell("XFD1048576"), "1048576 行超出范围"),
    "column XFD": (lambda: workbooks.far_cell("XFD1"), "单元格 XFD1 超出范围"),
    "column GS": (lambda: workbooks.far_cell("GS1"), "单元格 GS1 超出范围"),
    "row 100,000": (lambda: workbooks.far_cell("A100000"), "100000 行超出范围"),
    "1.1 million cells": (lambda: workbooks.many_cells(1_100_000), "100 万个单元格"),
    "1.1 million equal cells": (lambda: workbooks.repeated_cells(1_100_000), "大量重复内容"),
    "file of 21 MB": (lambda: b"PK\x03\x04" + b"x" * 21_000_000, "20 MB"),
}


@pytest.mark.parametrize("case", BOMBS)
def test_d6_a_bomb_is_refused_before_any_parser_runs(case: str) -> None:
    build, reason = BOMBS[case]
    content = build()
    tracemalloc.start()
    try:
        with pytest.raises(FileRefused, match=reason):
            check_file(PLAN, content, "表.xlsx")
        assert tracemalloc.get_traced_memory()[1] < 100 * MEGABYTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("reference", ["GR1", "A99999"])
def test_d6_the_last_cell_in_range_passes_the_count(reference: str) -> None:
    check_workbook(workbooks.far_cell(reference))


def test_d6_a_row_after_the_fifty_thousandth_is_refused() -> None:
    with pytest.raises(FileRefused, match="50000 行"):
        check_file(PLAN, workbooks.far_cell("A60000"), "表.xlsx")


def test_d6_a_million_styles_change_nothing() -> None:
    content = workbooks.many_styles(workbooks.xlsx([["乡镇", "无关"]]), 1_000_000)
    with pytest.raises(FileRefused):
        check_file(PLAN, content, "表.xlsx")


def test_d6_one_text_in_many_cells_ends_at_the_childs_limits() -> None:
    content = workbooks.handmade(
        f"<sheetData>{workbooks.repeated_text(200_000)}</sheetData>",
        f"<si><t>{'乡' * 30_000}</t></si>",
    )
    with pytest.raises(FileRefused, match=r"1 GB|5000 万字"):
        check_file(PLAN, content, "表.xlsx")


def test_d6_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "WALL_SECONDS", 0.01)
    with pytest.raises(FileRefused, match="30 秒"):
        check_file(PLAN, workbooks.many_cells(100_000), "表.xlsx")


def test_d6_the_csv_of_a_million_columns_is_refused() -> None:
    with pytest.raises(FileRefused, match="200 列"):
        check_file(PLAN, b"," * 1_000_000, "表.csv")


def test_d6_too_many_cells_of_a_csv_are_refused() -> None:
    line = b"1," * 120 + b"\n"
    with pytest.raises(FileRefused, match="100 万"):
        check_file(PLAN, "乡镇,项目名称,计划投入资金\n".encode() + line * 9_000, "表.csv")


def test_d6_a_false_dimension_is_not_believed() -> None:
    lines = list(child.lines(workbooks.false_dimension(), "xlsx"))
    assert lines == ['["rows","S",1,[["乡镇"]],[]]', '["end"]']
