"""Official papers in Word: the layout of GB/T 9704-2012, read back from the file."""

import zipfile
from datetime import date
from io import BytesIO

import docx
import pytest
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from portal.documents.official import Align, OfficialDocument


def paper() -> OfficialDocument:
    made = OfficialDocument("通报").number("阿农领办通〔2023〕7号").title("关于支出进度的通报")
    made.addressee("各乡镇").paragraph("第一段。\n\n第二段\x00。").heading("一、排名")
    made.table(
        ("名次", "单位", "金额"),
        [("1", "甲镇", "563.504288"), ("2", "乙镇", "7.00")],
        widths=(1, 3, 2),
        align=(Align.CENTER, Align.LEFT, Align.RIGHT),
        caption="排名（单位：万元）",
    )
    made.heading("（一）要求", 2).heading("1.支付", 3)
    return made.signature("县农业农村局", date(2023, 7, 15))


@pytest.fixture
def written():
    return docx.Document(BytesIO(paper().bytes()))


def paragraph(document, text):
    return next(one for one in document.paragraphs if one.text == text)


def face(document, text) -> tuple[str, float]:
    """The font of the Chinese text and its size in points."""
    (run,) = paragraph(document, text).runs
    return run._element.rPr.rFonts.get(qn("w:eastAsia")), run.font.size.pt


def test_the_page_is_a4_with_a_type_area_of_156_by_225(written):
    (section,) = written.sections
    width = section.page_width - section.left_margin - section.right_margin
    height = section.page_height - section.top_margin - section.bottom_margin

    assert abs(section.page_width - Mm(210)) < Mm(0.1)
    assert abs(section.page_height - Mm(297)) < Mm(0.1)
    assert abs(section.top_margin - Mm(37)) < Mm(0.1)
    assert abs(section.left_margin - Mm(28)) < Mm(0.1)
    assert abs(width - Mm(156)) < Mm(0.1)
    assert abs(height - Mm(225)) < Mm(0.1)


@pytest.mark.parametrize(
    ("text", "font", "size"),
    [
        ("阿农领办通〔2023〕7号", "仿宋_GB2312", 16),
        ("关于支出进度的通报", "方正小标宋简体", 22),
        ("各乡镇：", "仿宋_GB2312", 16),
        ("第一段。", "仿宋_GB2312", 16),
        ("一、排名", "黑体", 16),
        ("（一）要求", "楷体_GB2312", 16),
        ("1.支付", "仿宋_GB2312", 16),
        ("排名（单位：万元）", "黑体", 12),
        ("县农业农村局", "仿宋_GB2312", 16),
    ],
)
def test_each_part_has_its_font_and_size(written, text, font, size):
    assert face(written, text) == (font, size)


def test_body_lines_are_28_points_apart_and_begin_two_characters_in(written):
    layout = paragraph(written, "第一段。").paragraph_format

    assert (layout.line_spacing_rule, layout.line_spacing) == (WD_LINE_SPACING.EXACTLY, Pt(28))
    assert layout.first_line_indent == Pt(32)
    assert paragraph(written, "各乡镇：").paragraph_format.first_line_indent == 0


def test_lines_of_a_text_are_paragraphs_and_hold_no_control_characters(written):
    assert [one.text for one in written.paragraphs[3:5]] == ["第一段。", "第二段。"]


def test_a_table_has_its_figures_borders_and_a_heading_on_every_page(written):
    (table,) = written.tables

    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["名次", "单位", "金额"],
        ["1", "甲镇", "563.504288"],
        ["2", "乙镇", "7.00"],
    ]
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [
        True,
        False,
        False,
    ]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    borders = table._tbl.tblPr.find(qn("w:tblBorders"))
    assert {line.tag.rpartition("}")[2] for line in borders} >= {"top", "bottom", "insideH"}
    assert [cell.paragraphs[0].alignment for cell in table.rows[1].cells] == [
        Align.CENTER,
        Align.LEFT,
        Align.RIGHT,
    ]
    assert abs(sum(column.width for column in table.columns) - Mm(156)) < Mm(0.1)


def test_a_row_that_does_not_fit_its_heading_is_refused():
    with pytest.raises(ValueError, match="zip"):
        OfficialDocument("通报").table(
            ("单位", "金额"), [("甲镇",)], widths=(1, 1), align=(Align.LEFT,) * 2, caption=""
        )


def test_the_name_of_the_office_stands_centred_over_the_date(written):
    office, day = paragraph(written, "县农业农村局"), paragraph(written, "2023年7月15日")

    # Six characters over six and a half: the date is four in from the right, the office a quarter more.
    assert day.paragraph_format.right_indent == Pt(64)
    assert office.paragraph_format.right_indent == Pt(64 + 16 * 0.25)
    assert office.paragraph_format.keep_with_next


def test_a_long_name_reaches_the_margin_and_the_date_moves_under_it():
    made = OfficialDocument("通报").signature(
        "中共某某市某某区委农村工作领导小组办公室", date(2023, 7, 15)
    )
    office, day = docx.Document(BytesIO(made.bytes())).paragraphs

    assert office.paragraph_format.right_indent == 0
    assert day.paragraph_format.right_indent > Pt(64)


def test_a_draft_leaves_the_day_to_be_written(written):
    made = OfficialDocument("督办函").signature("县农业农村局", None)

    assert docx.Document(BytesIO(made.bytes())).paragraphs[-1].text == "　　年　月　日"


def test_pages_are_numbered_outside_with_dashes(written):
    (section,) = written.sections
    for footer, align in ((section.footer, Align.RIGHT), (section.even_page_footer, Align.LEFT)):
        (line,) = footer.paragraphs
        assert (line.text, line.alignment) == ("— 1 —", align)
        assert "PAGE" in line._p.xml
        assert line.runs[0].font.size == Pt(14)


def test_the_same_content_gives_the_same_bytes():
    first, second = paper().bytes(), paper().bytes()

    assert first == second
    with zipfile.ZipFile(BytesIO(first)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert archive.testzip() is None
