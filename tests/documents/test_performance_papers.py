"""The forms as official tables: every square is covered once, and the files say what the forms say."""

import io
from datetime import date

import docx
import pytest
from openpyxl import load_workbook

from portal.accounts.models import Organization
from portal.db import db
from portal.performance import beginning
from portal.performance.amounts import amounts_of
from portal.performance.papers import paper_of
from portal.performance.sheets import paper_docx, paper_xlsx
from portal.rules.vocabulary import FormKind
from tests import performance, spending
from tests.works import act

APRIL, DECEMBER = date(2023, 4, 3), date(2023, 12, 20)
WORDS = {
    FormKind.DECLARATION: ("项目负责人及电话", "★★★", "≥3.2公里", "财政支出股室初审"),
    FormKind.MONITORING: (
        "1—4月执行数",
        "全年预计完成值",
        "偏差原因分析",
        "硬件条件保障",
        "确定能",
        "备注",
    ),
    FormKind.SELF_EVALUATION: (
        "执行率（B/A）",
        "40.00%",
        "94",
        "改进措施",
        "其中：本年财政拨款",
        "上年结转资金",
        "其他资金",
    ),
    FormKind.REGIONAL: (
        "转移支付（项目）名称",
        "中央主管部门",
        "地方主管部门",
        "资金使用单位",
        "其中：中央财政资金",
        "地方资金",
        "其他资金",
        "分配科学性：",
        "执行率（B/A）",
    ),
}


@pytest.fixture
def papers(world):
    """Each kind of form as its paper."""
    project = performance.with_targets(world)
    spending.pay(world, project, 40, APRIL)
    forms = [performance.declared(world, project, APRIL)]
    monitoring = act(world, "town_reviewer", beginning.monitor, project, 2023, 4, on=APRIL)
    performance.fill(world, monitoring, performance.measured(monitoring), APRIL)
    county = db.session.get_one(Organization, world.ids["county"])
    forms += [monitoring, performance.evaluated(world, project, DECEMBER)]
    forms += [act(world, "lead_office", beginning.evaluate_region, county, 2023, on=DECEMBER)]
    return {form.kind: paper_of(form, amounts_of(form, DECEMBER)) for form in forms}


@pytest.mark.parametrize("kind", FormKind)
def test_every_square_of_the_table_is_covered_once(papers, kind):
    paper = papers[kind]
    covered = [
        (row + down, column + across)
        for row, cells in enumerate(paper.cells())
        for _text, column, width, height in cells
        for down in range(height)
        for across in range(width)
    ]
    squares = {
        (row, column) for row in range(len(paper.rows)) for column in range(len(paper.widths))
    }
    assert sorted(covered) == sorted(squares)


@pytest.mark.parametrize("kind", FormKind)
def test_excel_opens_with_the_words_and_the_merged_cells(papers, kind):
    paper = papers[kind]
    sheet = load_workbook(io.BytesIO(paper_xlsx(paper))).active
    texts = [str(cell.value) for row in sheet for cell in row if cell.value is not None]
    assert texts[0] == paper.title
    for word in WORDS[kind]:
        assert any(word in text for text in texts), word
    merged = [area for area in sheet.merged_cells.ranges if area.min_row > 2]
    assert len(merged) == sum(
        (across, down) != (1, 1) for cells in paper.cells() for _t, _c, across, down in cells
    )
    assert sheet.page_setup.orientation == ("landscape" if paper.landscape else "portrait")


@pytest.mark.parametrize("kind", FormKind)
def test_word_opens_with_the_words_and_the_turned_page(papers, kind):
    paper = papers[kind]
    document = docx.Document(io.BytesIO(paper_docx(paper)))
    (table,) = document.tables
    texts = [cell.text for row in table.rows for cell in row.cells]
    assert document.paragraphs[0].text == paper.title
    for word in WORDS[kind]:
        assert any(word in text for text in texts), word
    section = document.sections[0]
    assert (section.page_width > section.page_height) is paper.landscape
    assert paper_docx(paper) == paper_docx(paper)


def test_text_that_looks_like_a_formula_stays_text(world):
    project = performance.with_targets(world, name="=1+1")
    form = performance.declared(world, project, APRIL)
    sheet = load_workbook(io.BytesIO(paper_xlsx(paper_of(form, amounts_of(form, APRIL))))).active
    assert (sheet["C3"].value, sheet["C3"].data_type) == ("=1+1", "s")
