"""SECURITY D8 and E10: exports hold text as text, and come back unchanged."""

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.spreadsheets.cells import clean_text
from portal.spreadsheets.checking import check_file
from portal.spreadsheets.writing import write_template, write_xlsx
from tests.documents.plan import PLAN, RECORDS, TITLES, VISITS


def exported(records: list[dict[str, object]]) -> bytes:
    target = io.BytesIO()
    assert write_xlsx(PLAN, records, target) == len(records)
    return target.getvalue()


def opened(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_export_then_import_changes_nothing() -> None:
    checked = check_file(PLAN, exported(RECORDS), "计划.xlsx")
    assert not checked.errors
    assert not checked.warnings
    assert [row.values for row in checked.rows] == RECORDS


HOSTILE = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "＝1",
    "http://evil.test",
    "{=1}",
    "1e5",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_d8_text_is_never_a_formula_a_link_or_a_number(text: str) -> None:
    content = exported([{**RECORDS[0], "name": text, "remark": "230112199001011234"}])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f" not in archive.read("xl/worksheets/sheet1.xml").replace(b"<filter", b"")
        assert not any("hyperlink" in name for name in archive.namelist())
    cells = {cell.value: cell.data_type for row in opened(content).iter_rows() for cell in row}
    assert cells[text.strip()] == "s"
    assert cells["230112199001011234"] == "s"


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text(min_size=1, max_size=50).filter(clean_text), min_size=1))
def test_d8_any_text_survives_except_what_cannot_be_seen(texts: list[str]) -> None:
    target = io.BytesIO()
    write_xlsx(VISITS, ({"township": text} for text in texts), target)
    cells = opened(target.getvalue()).iter_rows(min_row=3, max_col=1, values_only=True)
    assert [clean_text(cell) for (cell,) in cells] == [clean_text(text) for text in texts]


def test_e10_a_text_longer_than_a_cell_is_an_error_not_a_cut() -> None:
    assert exported([{**RECORDS[0], "remark": "长" * 32_767}])
    with pytest.raises(ValueError, match="“备注”有 32768 字"):
        exported([{**RECORDS[0], "remark": "长" * 32_768}])


def test_an_export_is_ready_to_be_read_and_printed() -> None:
    sheet = opened(exported(RECORDS))
    assert sheet["A1"].value == PLAN.title
    assert [cell.value for cell in sheet[3]][5:7] == ["资金来源", None]
    assert {str(area) for area in sheet.merged_cells.ranges} >= {"A1:I1", "A3:A4", "F3:G3"}
    assert sheet.freeze_panes == "A5"
    assert sheet.print_title_rows == "$3:$4"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.column_dimensions["C"].width == pytest.approx(30, abs=1)
    assert sheet["E5"].number_format == "0.00####"
    assert sheet["H5"].number_format == "yyyy-mm-dd"


def test_a_template_offers_choices_and_keeps_text_as_text() -> None:
    target = io.BytesIO()
    write_template(PLAN, target)
    sheet = opened(target.getvalue())
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    assert rules["D5"].formula1 == '"产业发展,乡村建设行动"'
    assert rules["C5"].prompt == "与立项批复一致"
    assert sheet.column_dimensions["B"].number_format == "@"


def test_a_filled_template_can_be_imported() -> None:
    target = io.BytesIO()
    write_template(PLAN, target)
    book = openpyxl.load_workbook(target)
    values = [1, "红星镇", "冷库", "产业发展", 12.5, None, None, "2023-03-24"]
    for position, value in enumerate(values, 1):
        book.active.cell(5, position, value)
    filled = io.BytesIO()
    book.save(filled)
    checked = check_file(PLAN, filled.getvalue(), "模板.xlsx")
    assert not checked.errors
    assert set(TITLES) == {PLAN.column(key).title for key in checked.rows[0].values}
