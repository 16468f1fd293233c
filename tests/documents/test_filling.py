"""Word templates that a county may change: marks, blocks, merged cells, and what is refused by name."""

from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn

from portal.documents.filling import Line, TemplateError, fill
from portal.documents.grids import Grid, Merged
from portal.documents.layout import Align
from portal.documents.official import OfficialDocument
from portal.documents.reading import read_report

GRID = Grid(
    ("类别", "项目", "资金", "占比"),
    [
        ("产业", "冷库", "60.00", "75.00%"),
        (Merged.UP, "大棚", "15.00", Merged.UP),
        ("产业合计", Merged.LEFT, "75.00", Merged.UP),
        ("总额", Merged.LEFT, "80.00", "100%"),
    ],
    widths=(1, 3, 1, 1),
    align=(Align.CENTER, Align.LEFT, Align.RIGHT, Align.CENTER),
    caption="分配表",
)


def template(*paragraphs: str) -> bytes:
    """A paper with these paragraphs, as bytes."""
    made = OfficialDocument("模板")
    for text in paragraphs:
        made.paragraph(text)
    return made.bytes()


def opened(content: bytes):
    return docx.Document(BytesIO(content))


def texts(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in opened(content).paragraphs]


def test_marks_become_words_and_the_rest_stays():
    filled = fill(
        template("截至{{ 截止日期 }}，支出{{已付}}万元。", "固定的话。"),
        {"截止日期": "12月25日", "已付": "4709.77"},
        {},
    )
    assert texts(filled) == ["截至12月25日，支出4709.77万元。", "固定的话。"]


@pytest.mark.parametrize("cut", range(1, 9))
def test_a_mark_that_word_cut_into_runs_is_one_mark(cut):
    document = docx.Document()
    text = "支{{已付}}元"
    paragraph = document.add_paragraph()
    paragraph.add_run(text[:cut]).bold = True
    for sign in text[cut:]:
        paragraph.add_run(sign)
    target = BytesIO()
    document.save(target)
    filled = opened(fill(target.getvalue(), {"已付": "12.50"}, {})).paragraphs[0]
    assert (filled.text, filled.runs[0].bold) == ("支12.50元", True)


def test_marks_in_tables_and_footers_are_filled():
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "{{县}}"
    document.sections[0].footer.paragraphs[0].text = "{{县}}财政局"
    target = BytesIO()
    document.save(target)
    filled = opened(fill(target.getvalue(), {"县": "某县"}, {}))
    assert filled.tables[0].cell(0, 0).text == "某县"
    assert filled.sections[0].footer.paragraphs[0].text == "某县财政局"


def test_a_block_takes_the_place_and_the_layout_of_its_mark():
    filled = fill(
        template("前", "{{正文}}", "后"),
        {},
        {"正文": [Line("（一）概况", 2), Line("第一段。"), GRID]},
    )
    document = opened(filled)
    heading, body = document.paragraphs[1:3]
    assert texts(filled) == ["前", "（一）概况", "第一段。", "分配表", "", "后"]
    assert (
        body.paragraph_format.first_line_indent
        == document.paragraphs[0].paragraph_format.first_line_indent
    )
    faces = [one.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia")) for one in (heading, body)]
    assert (faces, heading.paragraph_format.keep_with_next) == (
        ["楷体_GB2312", "仿宋_GB2312"],
        True,
    )


def test_merged_cells_span_and_the_row_of_the_total_is_as_wide_as_the_others():
    (table,) = opened(fill(template("{{表}}"), {}, {"表": [GRID]})).tables
    assert table.cell(1, 0)._tc is table.cell(2, 0)._tc
    assert table.cell(1, 3)._tc is table.cell(3, 3)._tc
    assert table.cell(3, 0)._tc is table.cell(3, 1)._tc
    assert [cell.text for cell in table.rows[4].cells] == ["总额", "总额", "80.00", "100%"]
    assert {sum(tc.width for tc in row._tr.tc_lst) for row in table.rows} == {
        sum(column.width for column in table.columns)
    }


def test_a_filled_table_is_read_with_empty_cells_where_it_is_merged():
    (table,) = read_report(fill(template("{{表}}"), {}, {"表": [GRID]})).tables
    assert table.rows[1:] == (
        ("产业", "冷库", "60.00", "75.00%"),
        ("", "大棚", "15.00", ""),
        ("产业合计", "75.00", ""),
        ("总额", "80.00", "100%"),
    )


def test_what_cannot_be_filled_is_refused_by_name_and_place_all_at_once():
    with pytest.raises(TemplateError) as refused:
        fill(
            template("支出{{已付款}}万元", "见{{表}}", "少一半{{已付", "{{已付}}"),
            {"已付": "1"},
            {"表": [GRID]},
        )
    assert refused.value.problems == (
        "第 1 段（支出{{已付款}}万元）：占位符“{{已付款}}”不认识",
        "第 2 段（见{{表}}）：占位符“{{表}}”要单独成段，放在正文里",
        "第 3 段（少一半{{已付）：有没写完整的占位符“{{”或“}}”",
    )


def test_the_same_template_and_words_give_the_same_bytes():
    source = template("{{县}}", "{{表}}")
    assert fill(source, {"县": "某县"}, {"表": [GRID]}) == fill(
        source, {"县": "某县"}, {"表": [GRID]}
    )
